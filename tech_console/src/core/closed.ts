// What may not be asked for in this visit, as the service says before anybody asks. It only dims buttons: host and service refuse by
// their own reading, whatever is shown here, and nothing that is missing here is allowed by that.

import { Permission, type Instrument, type Reason } from "../wire.gen";

/** Why each of these would be refused. */
export type ClosedHere = ReadonlyMap<Permission, Reason>;

/** Things that are closed for one and the same reason; `what` are the ends of `closed-<what>` in the catalogues. */
export interface ClosedTogether {
  readonly reason: Reason;
  readonly what: readonly string[];
}

/** Both ways of one thing are said in one word. */
const BOTH: readonly (readonly [string, readonly Permission[]])[] = [
  ["files", [Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST]],
  ["clipboard", [Permission.CLIPBOARD_TO_HOST, Permission.CLIPBOARD_FROM_HOST]],
];

/** What is closed at this instrument; nothing is known of one that is not in the list. */
export function closedHere(instruments: readonly Instrument[] | null, hostId: string): ClosedHere {
  const here = instruments?.find((each) => each.host_id === hostId);
  return new Map((here?.closed ?? []).map(({ permission, reason }) => [permission, reason]));
}

/** The same in as few sentences as there are reasons. */
export function together(closed: ClosedHere): readonly ClosedTogether[] {
  const reasons = [...new Set(closed.values())];
  return reasons.map((reason) => ({ reason, what: named([...closed.keys()].filter((each) => closed.get(each) === reason)) }));
}

function named(permissions: readonly Permission[]): readonly string[] {
  const whole = BOTH.filter(([, ways]) => ways.every((way) => permissions.includes(way)));
  const said = new Set(whole.flatMap(([, ways]) => ways));
  return [...permissions.filter((each) => !said.has(each)), ...whole.map(([word]) => word)];
}
