/** Control characters, which could make a terminal do things. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/gu;

/** What a service said, safe for a terminal: escape sequences are no text. */
export const printable = (text: string): string => text.replace(control, '\ufffd');

/** The same on one line. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim());
