// Which part of the picture is shown: all monitors or one of them, and how large the room for it is.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { nextMonitor, type Size } from "../../core/placing";
import type { Monitor } from "../../core/scene";
import { MONITORS } from "../ids";
import type { Say } from "../texts";
import type { VisitShell } from "../visit_shell";

/** The picture's size and its monitors; both change while the instrument's screens are changed. */
export interface PictureLayout extends Size {
  readonly monitors: readonly Monitor[];
}

const NONE: PictureLayout = { width: 1, height: 1, monitors: [] };
export const ALL = -1;

/** What the newest frame says of the layout; the page is drawn again only when that changes. */
export function useLayout(visit: VisitShell): PictureLayout {
  const [layout, setLayout] = useState(NONE);
  useEffect(() => {
    visit.watchLayout(({ width, height, monitors }) => setLayout({ width, height, monitors }));
    return () => visit.watchLayout(null);
  }, [visit]);
  return layout;
}

/** One button for all and one for each; nothing where there is only one screen. */
export function MonitorChoice(props: {
  readonly say: Say;
  readonly monitors: readonly Monitor[];
  readonly chosen: number;
  readonly choose: (chosen: number) => void;
}): JSX.Element | null {
  const { say, monitors, chosen, choose } = props;
  const gone = chosen >= monitors.length;
  useEffect(() => {
    if (gone && chosen !== ALL) choose(ALL);
  }, [gone, chosen]);
  useEffect(() => {
    const turn = (event: KeyboardEvent) => {
      const step = stepOf(event);
      if (step === null || monitors.length < 2) return;
      event.preventDefault();
      event.stopPropagation();
      choose(nextMonitor(chosen, monitors.length, step));
    };
    window.addEventListener("keydown", turn, { capture: true });
    return () => window.removeEventListener("keydown", turn, { capture: true });
  }, [monitors, chosen]);
  if (monitors.length < 2) return null;
  const button = (place: number, label: string, title: string) => (
    <button key={place} type="button" class="plain" title={title} aria-label={title} aria-pressed={chosen === place} onClick={() => choose(place)}>
      {label}
    </button>
  );
  return (
    <div id={MONITORS} class="choice" role="group" aria-label={say("console-monitors")}>
      {button(ALL, say("console-monitors-all"), say("console-monitors-all-long"))}
      {monitors.map((each, place) => {
        const title = say(each.primary === 1 ? "console-monitor-first" : "console-monitor", { number: place + 1 });
        return button(place, String(place + 1), title);
      })}
    </div>
  );
}

/** Ctrl + Alt + Page Down shows the next, Page Up the one before, also while the keyboard belongs to the picture. */
function stepOf(event: KeyboardEvent): 1 | -1 | null {
  if (!event.ctrlKey || !event.altKey) return null;
  return event.code === "PageDown" ? 1 : event.code === "PageUp" ? -1 : null;
}

/** The room for the picture in CSS pixels, and how many of the screen's pixels make one; both follow the window. */
export function useRoom(place: { readonly current: HTMLElement | null }): { readonly room: Size; readonly dpr: number } {
  const [room, setRoom] = useState<Size>({ width: 1, height: 1 });
  const [dpr, setDpr] = useState(window.devicePixelRatio);
  useLayoutEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const measure = () => {
      const { paddingLeft, paddingTop } = getComputedStyle(current);
      setRoom({ width: current.clientWidth - 2 * parseFloat(paddingLeft), height: current.clientHeight - 2 * parseFloat(paddingTop) });
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const asked = window.matchMedia(`(resolution: ${dpr}dppx)`);
    const changed = () => setDpr(window.devicePixelRatio);
    asked.addEventListener("change", changed);
    return () => asked.removeEventListener("change", changed);
  }, [dpr]);
  return { room, dpr };
}
