/** A URL that is safe to log: its user information and query are masked. Anything that is no URL comes back as it is. */
export const redactUrl = (text: string): string => {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username !== '') url.username = '***';
  if (url.password !== '') url.password = '***';
  if (url.search !== '') url.search = '?***';
  return url.href;
};
