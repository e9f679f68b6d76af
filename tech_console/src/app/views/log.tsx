// What happened, within this person's reach: filters, a table, its pages. Copies are in copies.tsx.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Operation, Reason, type SignedIn, type TrailEntry, type TrailFilter, type TrailName, type TrailPage } from "../../wire.gen";
import { EVERYTHING, filterOf, known, listed, type Wanted } from "../../core/trail";
import { isReason, post } from "../broker";
import type { Console } from "../console";
import { BACK, LOG, LOG_DEVICE, LOG_ENTRIES, LOG_KIND, LOG_LOOK, LOG_NEWEST, LOG_OLDER, LOG_PERSON, LOG_SINCE, LOG_UNTIL } from "../ids";
import { Field, onSubmit, Problem, useFirstFocus } from "../parts";
import { refusalOf, type Refusal } from "../refusal";
import type { Language, Say } from "../texts";
import { Copies } from "./copies";
import { FreshFactor } from "./home";

const PAGE = 50;
const ALL: TrailFilter = { since: 0, until: 0, host: "", technician: "", session: "", event: "" };

export function LogPage({ of, me }: { of: Console; me: SignedIn }): JSX.Element {
  const { say, language, factorWanted } = of.state;
  const place = useFirstFocus<HTMLHeadingElement>();
  const [asked, ask] = useState({ wanted: ALL, after: 0 });
  const [page, setPage] = useState<TrailPage | null>(null);
  const [names, setNames] = useState<readonly TrailName[]>([]);
  const [problem, setProblem] = useState<Refusal>(null);
  const [typed, setTyped] = useState<Wanted>(EVERYTHING);
  const [unclear, setUnclear] = useState(false);

  const look = async (question: { over: boolean }) => {
    const answer = await post(of.config, "/api/audit/entries", { type: "trail_look", ...asked, newest_first: true, count: PAGE, language }, "trail_page");
    if (isReason(answer) || question.over) return isReason(answer) ? answer : null;
    setPage(answer);
    setNames((before) => known(before, answer.names));
    return null;
  };
  const answer = async (question: { over: boolean }) => {
    const refused = await refusalOf(() => look(question));
    if (question.over) return; // something else was asked since
    setProblem(refused);
    if (refused === Reason.NOT_SIGNED_IN) await of.resume();
  };
  useEffect(() => {
    const question = { over: false };
    void answer(question);
    return () => {
      question.over = true;
    };
  }, [asked, language]);

  const change = (wanted: Wanted) => {
    setTyped(wanted);
    const filter = filterOf(wanted, names);
    setUnclear(filter === null);
    if (filter !== null) ask({ wanted: filter, after: 0 });
  };
  const turn = (after: number) => {
    ask({ ...asked, after });
    place.current?.focus();
  };
  const mayCopy = me.may.includes(Operation.AUDIT_EXPORT);
  return (
    <>
      {factorWanted ? <FreshFactor of={of} /> : null}
      <section class="card log" id={LOG}>
        <h1 ref={place} tabIndex={-1}>
          {say("console-trail-title")}
        </h1>
        <p class="lead">{say("console-trail-lead")}</p>
        <Filters say={say} typed={typed} set={setTyped} names={names} entries={page?.entries ?? []} look={change} />
        {unclear ? <p role="alert">{say("console-trail-unclear")}</p> : null}
        {factorWanted ? null : <Problem say={say} reason={problem} />}
        <p class="quiet" role="status">
          {page === null ? (problem === null ? say("console-loading") : "") : told(say, page.entries.length)}
        </p>
        {page === null || page.entries.length === 0 ? null : (
          <Entries say={say} language={language} page={page} only={(kind) => change({ ...typed, kind })} />
        )}
        <div class="actions">
          <button id={LOG_NEWEST} type="button" disabled={asked.after === 0 && problem === null} onClick={() => turn(0)}>
            {say("console-trail-newest")}
          </button>
          <button id={LOG_OLDER} type="button" disabled={page === null || page.after === 0} onClick={() => turn(page?.after ?? 0)}>
            {say("console-trail-older")}
          </button>
          <button id={BACK} type="button" class="plain" onClick={() => of.goHome()}>
            {say("console-back")}
          </button>
        </div>
        {mayCopy ? <Copies of={of} me={me} wanted={asked.wanted} names={names} refused={setProblem} /> : null}
      </section>
    </>
  );
}

function told(say: Say, count: number): string {
  return count === 0 ? say("console-trail-empty") : say("console-trail-count", { count });
}

interface FiltersProps {
  readonly say: Say;
  readonly typed: Wanted;
  readonly set: (wanted: Wanted) => void;
  readonly names: readonly TrailName[];
  readonly entries: readonly TrailEntry[];
  readonly look: (wanted: Wanted) => void;
}

function Filters({ say, typed, set, names, entries, look }: FiltersProps): JSX.Element {
  const kinds = [...new Set(entries.map(({ event }) => event))].filter((each) => each !== "").toSorted();
  const field = (id: string, name: keyof Wanted, type: "datetime-local" | "text", choices: readonly string[] | null) => (
    <Field id={id} label={say(`console-trail-${name}`)}>
      <input
        id={id}
        type={type}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        {...(choices === null ? {} : { list: `${id}-list` })}
        value={typed[name]}
        onInput={(event) => set({ ...typed, [name]: event.currentTarget.value })}
      />
      {choices === null ? null : (
        <datalist id={`${id}-list`}>
          {choices.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </datalist>
      )}
    </Field>
  );
  const of = (begins: string) => names.filter(({ id }) => id.startsWith(begins)).map(listed);
  return (
    <form class="filters" onSubmit={onSubmit(() => look(typed))}>
      {field(LOG_SINCE, "since", "datetime-local", null)}
      {field(LOG_UNTIL, "until", "datetime-local", null)}
      {field(LOG_PERSON, "person", "text", of("t-"))}
      {field(LOG_DEVICE, "device", "text", of("h-"))}
      {field(LOG_KIND, "kind", "text", kinds)}
      <div class="field look">
        <button id={LOG_LOOK} type="submit" class="main">
          {say("console-trail-look")}
        </button>
        <button type="button" class="plain" onClick={() => look(EVERYTHING)}>
          {say("console-trail-all")}
        </button>
      </div>
    </form>
  );
}

interface EntriesProps {
  readonly say: Say;
  readonly language: Language;
  readonly page: TrailPage;
  readonly only: (kind: string) => void;
}

function Entries({ say, language, page, only }: EntriesProps): JSX.Element {
  const local = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  return (
    <table class="trail" id={LOG_ENTRIES}>
      <thead>
        <tr>
          <th scope="col">{say("console-trail-when")}</th>
          <th scope="col">{say("console-trail-what")}</th>
          <th scope="col">{say("console-trail-number")}</th>
        </tr>
      </thead>
      <tbody>
        {page.entries.map((each) => (
          <tr key={each.index} data-index={each.index} data-event={each.event} class={each.outcome}>
            <td>{each.event === "" ? "" : <Moment say={say} local={local} entry={each} />}</td>
            <td>
              {each.sentence}
              <span class="tags">
                {each.outcome === "refused" || each.outcome === "ended" ? <span class="tag">{say(`console-trail-${each.outcome}`)}</span> : null}
                {each.event === "" ? null : (
                  <button type="button" class="kind" title={say("console-trail-only")} onClick={() => only(each.event)}>
                    {each.event}
                  </button>
                )}
              </span>
            </td>
            <td class="number">{each.index}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Moment({ say, local, entry }: { say: Say; local: Intl.DateTimeFormat; entry: TrailEntry }): JSX.Element {
  const at = new Date(entry.utc_ms);
  const utc = at.toISOString();
  return (
    <>
      <time dateTime={utc} title={`${utc.slice(0, 19).replace("T", " ")} UTC`}>
        {local.format(at)}
      </time>
      {entry.clock_suspect ? <span class="tag">{say("console-trail-suspect")}</span> : null}
    </>
  );
}
