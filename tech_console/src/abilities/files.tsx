// Files to and from the instrument PC: a place to drop them, a field for what is needed, and what becomes of each.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Answer, LIMITS, Permission, type Reason } from "../wire.gen";
import type { ClosedHere } from "../core/closed";
import { isOver, type FileItem } from "../core/file_queue";
import type { Picked, VisitFiles } from "../app/files";
import { FILES, FILES_CLEAR, FILES_FOLDER, FILES_NEED, FILES_NEED_ASK, FILES_PICK, FILES_PICK_FOLDER, FILES_PICKED } from "../app/ids";
import { clock, onSubmit } from "../app/parts";
import type { Say } from "../app/texts";

interface Shown {
  readonly say: Say;
  readonly files: VisitFiles;
}

export function Files({ say, files, closed }: Shown & { readonly closed: ClosedHere }): JSX.Element {
  const to = closed.get(Permission.FILE_TO_HOST);
  const [over, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const place = useRef<HTMLElement>(null);
  const shut = to !== undefined;
  useEffect(() => watchDrops(place.current, shut ? null : files, setOver), [files, shut]);
  return (
    <section ref={place} id={FILES} class={over ? "files over" : "files"} aria-label={say("console-files")}>
      <div class="files-head">
        <p>{to === undefined ? say("console-files-drop") : say(`reason-${to}`)}</p>
        <button id={FILES_PICK} type="button" disabled={shut} onClick={() => file.current?.click()}>
          {say("console-files-pick")}
        </button>
        <button id={FILES_PICK_FOLDER} type="button" class="plain" disabled={shut} onClick={() => folder.current?.click()}>
          {say("console-files-pick-folder")}
        </button>
        {files.items.some(isOver) ? (
          <button id={FILES_CLEAR} type="button" class="plain" onClick={() => files.clear()}>
            {say("console-files-clear")}
          </button>
        ) : null}
        <input ref={file} id={FILES_PICKED} type="file" multiple hidden aria-label={say("console-files-pick")} onChange={(event) => addPicked(files, event.currentTarget)} />
        <input
          ref={folder}
          id={FILES_FOLDER}
          type="file"
          hidden
          aria-label={say("console-files-pick-folder")}
          {...{ webkitdirectory: true }}
          onChange={(event) => addPicked(files, event.currentTarget)}
        />
      </div>
      <Need say={say} files={files} shut={closed.get(Permission.FILE_FROM_HOST)} />
      <ul class="files-list" aria-live="polite">
        {files.items.map((item) => (
          <Line key={item.id} say={say} files={files} item={item} />
        ))}
      </ul>
    </section>
  );
}

/** What the technician needs from the instrument PC, in words: the person there picks it. */
function Need({ say, files, shut }: Shown & { readonly shut: Reason | undefined }): JSX.Element {
  const [words, setWords] = useState("");
  const ask = () => {
    files.need(words);
    setWords("");
  };
  return (
    <form class="files-need" autocomplete="off" onSubmit={onSubmit(ask)}>
      <label for={FILES_NEED}>{say("console-files-need")}</label>
      <input
        id={FILES_NEED}
        value={words}
        maxLength={LIMITS.FREE_TEXT_MAX}
        disabled={shut !== undefined}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <button id={FILES_NEED_ASK} type="submit" disabled={words.trim() === "" || shut !== undefined}>
        {say("console-files-need-ask")}
      </button>
      {shut === undefined ? null : <p class="why">{say(`reason-${shut}`)}</p>}
    </form>
  );
}

/** Once the visit is over: each file with what became of it. What arrived can still be saved until the page is left. */
export function FilesThatWent({ say, files }: Shown): JSX.Element | null {
  if (files.items.length === 0) return null;
  return (
    <ul id={FILES} class="files-list" aria-label={say("console-files")}>
      {files.items.map((item) => (
        <Line key={item.id} say={say} files={files} item={item} />
      ))}
    </ul>
  );
}

function Line({ say, files, item }: Shown & { readonly item: FileItem }): JSX.Element {
  const percent = item.size === 0 ? 100 : Math.floor((item.done * 100) / item.size);
  const moves = item.stage === "hashing" || item.stage === "moving";
  const waits = item.stage === "moving" && files.waits;
  return (
    <li class={`file ${item.stage}`} data-stage={item.stage} data-way={item.way} data-name={item.name} data-reason={item.reason ?? ""}>
      <span class="file-way">{say(`way-${item.way}`)}</span>
      <span class="file-name">{item.name}</span>
      <span class="file-size">{item.size === 0 && item.way === Permission.FILE_FROM_HOST ? "" : size(say, item.size)}</span>
      <span class="file-stage">{stageOf(say, item, waits)}</span>
      {moves ? <progress max={100} value={percent} aria-label={say("console-file-progress", { name: item.name })} /> : null}
      {moves && !waits && item.rate > 0 ? <span class="file-rate">{rateOf(say, item)}</span> : null}
      {item.stage === "done" && item.way === Permission.FILE_FROM_HOST ? (
        <button type="button" class="plain" aria-label={say("console-file-save", { name: item.name })} onClick={() => files.save(item)}>
          {say("console-save-again")}
        </button>
      ) : null}
      {isOver(item) ? null : (
        <button type="button" class="plain" aria-label={say("console-file-cancel-one", { name: item.name })} onClick={() => files.cancel(item)}>
          {say("console-cancel")}
        </button>
      )}
    </li>
  );
}

function stageOf(say: Say, item: FileItem, waits: boolean): string {
  if (waits) return say("file-parted");
  if (item.stage === "refused" && item.reason !== null && item.answer === Answer.POLICY) return say(`reason-${item.reason}`);
  if (item.stage === "refused") return say(`answer-${item.answer ?? Answer.REFUSE}`);
  if (item.stage === "stopped" && item.reason !== null) return say(`reason-${item.reason}`);
  if (item.stage === "asking" && item.way === Permission.FILE_FROM_HOST) return say("file-picking");
  return say(`file-${item.stage}`);
}

function rateOf(say: Say, item: FileItem): string {
  const rate = say("console-file-rate", { rate: (item.rate / 1e6).toFixed(1) });
  return item.left === null ? rate : say("console-file-left", { rate, left: clock(item.left) });
}

function size(say: Say, bytes: number): string {
  if (bytes < 1e6) return say("console-file-kb", { size: (bytes / 1e3).toFixed(1) });
  return say("console-file-mb", { size: (bytes / 1e6).toFixed(1) });
}

/** Take what is dropped here, or nothing of it where files are closed; without that the browser would open it. The buttons do the same for a keyboard. */
function watchDrops(place: HTMLElement | null, files: VisitFiles | null, setOver: (over: boolean) => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  place?.addEventListener("dragleave", () => setOver(false), { signal });
  place?.addEventListener(
    "dragover",
    (event) => {
      event.preventDefault();
      setOver(files !== null);
    },
    { signal },
  );
  place?.addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      setOver(false);
      if (files !== null && event.dataTransfer !== null) void addDropped(files, event.dataTransfer);
    },
    { signal },
  );
  return () => ending.abort();
}

/** What a file dialog gave: single files, or all files of one folder. */
function addPicked(files: VisitFiles, from: HTMLInputElement): void {
  const picked = [...(from.files ?? [])];
  const [first] = picked;
  const folder = first?.webkitRelativePath.split("/")[0] ?? "";
  if (folder === "") for (const file of picked) files.add(file.name, false, [{ path: file.name, file }]);
  else files.add(folder, true, picked.map((file) => ({ path: file.webkitRelativePath.slice(folder.length + 1), file })));
  from.value = "";
}

/** What was dropped: each file by itself, each folder with all that is in it. */
async function addDropped(files: VisitFiles, dropped: DataTransfer): Promise<void> {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry());
  for (const entry of entries) {
    if (entry === null) continue;
    const picked = await within(entry, "");
    if (picked.length > 0) files.add(entry.name, entry.isDirectory, picked);
  }
}

/** The files at and below an entry; `place` is where it stands below the folder that was dropped. */
async function within(entry: FileSystemEntry, place: string): Promise<Picked[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((done, failed) => entry.file(done, failed));
    return [{ path: place === "" ? entry.name : place, file }];
  }
  const found: Picked[] = [];
  for (const each of await allOf(entry as FileSystemDirectoryEntry)) {
    found.push(...(await within(each, place === "" ? each.name : `${place}/${each.name}`)));
  }
  return found;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** A reader gives a hundred entries at a time, and none at the end. */
async function allOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
