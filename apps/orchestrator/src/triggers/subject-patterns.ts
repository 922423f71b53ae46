/** NATS subjects with wildcards: `*` is one token, `>` at the end is one or more. */
type Pattern = string;

/** May some subject match both? */
export const overlaps = (a: Pattern, b: Pattern): boolean => {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; ; i++) {
    const [one, other] = [left[i], right[i]];
    if (one === undefined || other === undefined) return one === other;
    if (one === '>' || other === '>') return true;
    if (one !== other && one !== '*' && other !== '*') return false;
  }
};

/** Does every subject that matches `inner` match `outer`? */
export const covers = (outer: Pattern, inner: Pattern): boolean => {
  const [wide, narrow] = [outer.split('.'), inner.split('.')];
  for (let i = 0; ; i++) {
    const [one, other] = [wide[i], narrow[i]];
    if (one === undefined || other === undefined) return one === other;
    if (one === '>') return true;
    if (other === '>' || (one !== '*' && one !== other)) return false;
  }
};

/** NATS's own: requests to JetStream, replies on their way to somebody, the system. */
const natsOwn = ['$JS.>', '$SYS.>', '$SRV.>', '$KV.>', '$O.>', '_INBOX.>', '_R_.>'];

/** Is this a subject of the plant's, rather than of Millrace's or NATS's inner life? */
export const isForeign = (subject: Pattern, prefix: string): boolean =>
  ![...natsOwn, `${prefix}.>`].some((own) => overlaps(own, subject));
