/**
 * Whether ONNX Runtime gets a string as it is. Its binding for Node passes strings on as NUL-terminated UTF-8: it ends them
 * at a NUL, and puts U+FFFD for a lone surrogate, without a word. (js/node/src/tensor_helper.cc; a test shows both.)
 */
export const isCarried = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** What `isCarried` asks for, to complete "must be …". */
export const carriedText = 'a string of whole Unicode characters without NUL';
