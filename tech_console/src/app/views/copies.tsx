// Copies of the log: one person proposes, another approves, and the first fetches it, once.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ExportForm, Operation, Reason, type ExportEntry, type SignedIn, type TrailFilter, type TrailName } from "../../wire.gen";
import { isReason, post, take } from "../broker";
import type { Console } from "../console";
import { LOG_COPIES, LOG_FORM, LOG_PROPOSE, LOG_WAITING } from "../ids";
import { changeCopies, copiesOf, type Copy } from "../memory";
import { Field } from "../parts";
import { refusalOf, type Refusal } from "../refusal";
import type { Say } from "../texts";

interface CopiesProps {
  readonly of: Console;
  readonly me: SignedIn;
  readonly wanted: TrailFilter;
  readonly names: readonly TrailName[];
  /** Where the page says why not. */
  readonly refused: (why: Refusal) => void;
}

/** After these a copy is there no more, whatever is done. */
const GONE: ReadonlySet<Reason> = new Set([Reason.PROPOSAL_DECIDED, Reason.PROPOSAL_EXPIRED, Reason.PROPOSAL_UNKNOWN]);

export function Copies({ of, me, wanted, names, refused }: CopiesProps): JSX.Element {
  const { say, language } = of.state;
  const [form, setForm] = useState<ExportForm>(ExportForm.CSV);
  const [own, setOwn] = useState<readonly Copy[]>([]);
  const [waiting, setWaiting] = useState<readonly ExportEntry[]>([]);
  const [done, setDone] = useState("");
  const decides = me.may.includes(Operation.PROPOSAL_APPROVE);

  const see = async () => {
    if (!decides) return null;
    const answer = await post(of.config, "/api/approvals", { type: "done" }, "proposal_list");
    if (isReason(answer)) return answer;
    setWaiting(answer.exports.filter((each) => each.proposed_by !== me.technician_id));
    return null;
  };
  useEffect(() => {
    void copiesOf(me.technician_id).then(setOwn);
    void refusalOf(see).then((why) => (why === null ? undefined : refused(why)));
  }, []);

  const act = async (what: () => Promise<Refusal>, said: string) => {
    setDone("");
    const why = await refusalOf(what);
    if (why === Reason.SECOND_FACTOR_STALE) of.wantFactor();
    refused(why);
    if (why === null) setDone(say(said));
  };
  const propose = async () => {
    const answer = await post(of.config, "/api/audit/export", { type: "export_ask", wanted, form, language }, "proposal_made");
    if (isReason(answer)) return answer;
    const made = { id: answer.proposal_id, form, made: Date.now() / 1000 };
    setOwn(await changeCopies(me.technician_id, (kept) => [...kept, made]));
    return null;
  };
  const fetchIt = async (copy: Copy) => {
    const answer = await take(of.config, "/api/audit/export/fetch", { type: "export_named", export_id: copy.id });
    if (typeof answer === "string" && !GONE.has(answer)) return answer;
    if (answer instanceof Blob) save(answer, `chaperone-${copy.id}.${copy.form}`);
    setOwn(await changeCopies(me.technician_id, (kept) => kept.filter(({ id }) => id !== copy.id)));
    return answer instanceof Blob ? null : answer;
  };
  const decide = async (path: string, id: string) => {
    const answer = await post(of.config, path, { type: "proposal_named", proposal_id: id }, "done", "proposal_approved");
    return (await see()) ?? (isReason(answer) ? answer : null);
  };
  return (
    <>
      <h2>{say("console-copy-title")}</h2>
      <p class="hint">{say("console-copy-lead")}</p>
      <p role="status">{done}</p>
      <div class="copy">
        <Field id={LOG_FORM} label={say("console-copy-form")}>
          <select id={LOG_FORM} value={form} onChange={(event) => setForm(event.currentTarget.value as ExportForm)}>
            {Object.values(ExportForm).map((each) => (
              <option key={each} value={each}>
                {say(`console-copy-${each}`)}
              </option>
            ))}
          </select>
        </Field>
        <button id={LOG_PROPOSE} type="button" onClick={() => void act(propose, "console-copy-proposed")}>
          {say("console-copy-propose")}
        </button>
      </div>
      {own.length === 0 ? null : (
        <ul class="copies" id={LOG_COPIES} aria-label={say("console-copy-own")}>
          {own.map((each) => (
            <li key={each.id} data-copy={each.id}>
              <span class="what">
                {say("console-copy-one", { form: say(`console-copy-${each.form}`) })}
                <span>{each.id}</span>
              </span>
              <button type="button" onClick={() => void act(() => fetchIt(each), "console-copy-fetched")}>
                {say("console-copy-fetch")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {waiting.length === 0 ? null : (
        <>
          <h3>{say("console-copy-waiting")}</h3>
          <ul class="copies" id={LOG_WAITING} aria-label={say("console-copy-waiting")}>
            {waiting.map((each) => (
              <li key={each.export_id} data-copy={each.export_id}>
                <span class="what">
                  {say("console-copy-of", { form: say(`console-copy-${each.form}`), name: each.name })}
                  <span>{which(say, each.wanted, names)}</span>
                </span>
                <button type="button" class="main" onClick={() => void act(() => decide("/api/approvals/approve", each.export_id), "console-copy-approved")}>
                  {say("console-copy-approve")}
                </button>
                <button type="button" class="plain" onClick={() => void act(() => decide("/api/approvals/decline", each.export_id), "console-copy-declined")}>
                  {say("console-copy-decline")}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function time(seconds: number): string {
  return seconds === 0 ? "" : `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Which entries somebody wants to take away, in a few words. */
function which(say: Say, wanted: TrailFilter, names: readonly TrailName[]): string {
  const name = (id: string) => names.find((each) => each.id === id)?.name ?? id;
  const parts = [
    ["since", time(wanted.since)],
    ["until", time(wanted.until)],
    ["person", name(wanted.technician)],
    ["device", name(wanted.host)],
    ["kind", wanted.event],
  ].filter(([, value]) => value !== "");
  return parts.length === 0 ? say("console-copy-everything") : parts.map(([word, value]) => `${say(`console-trail-${word}`)}: ${value}`).join(" · ");
}

function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
