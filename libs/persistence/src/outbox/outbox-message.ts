/** A message on its way out, as its row has it. */
export interface OutboxMessage {
  id: number;
  subject: string;
  messageId: string;
  payload: string;
  headers: Record<string, string>;
  createdAt: number;
}
