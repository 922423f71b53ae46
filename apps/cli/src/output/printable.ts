/** Control characters, which make a terminal do things, and those that turn the direction of text around. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** What a service said, safe for a terminal: escape sequences are no text. */
export const printable = (text: string): string => text.replace(control, '\ufffd');

/** The same on one line. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim());
