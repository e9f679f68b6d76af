// Why documents do not stand. The text of a refusal is for a developer's eyes and quotes no content.

/** *invalid*: not signed by who must sign, not in its form, not complete. *stale*: expired, or older than seen before. */
export type Fault = "invalid" | "stale";

/** These documents do not stand, and nothing of them was taken. */
export class DocumentRefused extends Error {
  override name = "DocumentRefused";
  readonly why: Fault;

  constructor(why: Fault, text: string) {
    super(text);
    this.why = why;
  }
}

/** A refusal of what is forged, damaged or incomplete. */
export function invalid(text: string): DocumentRefused {
  return new DocumentRefused("invalid", text);
}

/** A refusal of what is expired or older. */
export function stale(text: string): DocumentRefused {
  return new DocumentRefused("stale", text);
}
