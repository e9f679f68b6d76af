// The instrument's screen. What is drawn on the canvas comes whole from glass.ts; a text field beside it takes the keyboard,
// because only a text field hears input methods. Without control nothing here is captured, and Tab goes on as always.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { partOf, placed } from "../../core/placing";
import { KEYS, POINTER, SCALE, SCREEN } from "../ids";
import { Hand, isWayOut } from "../hand";
import type { Say } from "../texts";
import type { VisitShell } from "../visit_shell";
import { useRoom, type PictureLayout } from "./monitors";

interface PictureProps {
  readonly say: Say;
  readonly visit: VisitShell;
  readonly controls: boolean;
  readonly fit: boolean;
  readonly layout: PictureLayout;
  /** Which monitor is shown; one that is not there: all. */
  readonly chosen: number;
  readonly viewOnlyClick: () => void;
}

export function Picture({ say, visit, controls, fit, layout, chosen, viewOnlyClick }: PictureProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const keys = useRef<HTMLTextAreaElement>(null);
  const hand = useRef<Hand | null>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const { room, dpr } = useRoom(stage);
  const part = partOf(layout, layout.monitors, chosen);
  const place = placed(layout, part, room, dpr, fit);
  useLayoutEffect(() => handOver(canvas.current, over.current, visit, hand), [visit]);
  useLayoutEffect(() => {
    if (hand.current !== null) hand.current.part = layout.monitors[chosen] ?? null;
    visit.pointer.stands({ controls, scale: place.scale, dpr });
  }, [visit, layout, chosen, controls, place.scale, dpr]);
  useEffect(() => {
    if (!controls) return undefined;
    const letGo = () => hand.current?.release();
    const hidden = () => (document.hidden ? letGo() : undefined);
    window.addEventListener("blur", letGo);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      window.removeEventListener("blur", letGo);
      document.removeEventListener("visibilitychange", hidden);
    };
  }, [controls]);
  useEffect(() => {
    const { current } = canvas;
    if (current === null || !controls) return undefined;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      hand.current?.wheel(event);
    };
    current.addEventListener("wheel", turn, { passive: false });
    return () => current.removeEventListener("wheel", turn);
  }, [controls]);
  const pressed = (event: PointerEvent) => {
    if (!controls) return viewOnlyClick();
    event.preventDefault();
    keys.current?.focus({ preventScroll: true });
    hand.current?.pointerDown(event);
  };
  return (
    <div ref={stage} class={`picture ${fit ? "fit" : "actual"} ${controls ? "controls" : "views"}`}>
      <textarea
        id={KEYS}
        ref={keys}
        class="keys"
        rows={1}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        disabled={!controls}
        aria-label={say("console-keys")}
        onKeyDown={(event) => keyDown(event, hand.current)}
        onKeyUp={(event) => hand.current?.keyUp(event)}
        onInput={(event) => typed(event, hand.current)}
        onCompositionEnd={(event) => composed(event, hand.current)}
        onPaste={(event) => event.preventDefault()}
        onDrop={(event) => event.preventDefault()}
        onBlur={() => hand.current?.release()}
      />
      <div class={`surface ${place.crisp ? "crisp" : ""}`} style={{ width: `${place.width}px`, height: `${place.height}px` }}>
        <div class="whole" style={{ left: `${place.left}px`, top: `${place.top}px` }}>
      <canvas
        id={SCREEN}
        ref={canvas}
        role="img"
        style={{ width: `${place.pictureWidth}px`, height: `${place.pictureHeight}px` }}
        aria-label={say(controls ? "console-screen-controlled" : "console-screen-viewed", { host: visit.hostName })}
        onPointerMove={controls ? (event) => hand.current?.pointerMoved(event) : undefined}
        onPointerDown={pressed}
        onPointerUp={controls ? (event) => hand.current?.pointerUp(event) : undefined}
        onPointerCancel={controls ? () => hand.current?.release() : undefined}
        onContextMenu={(event) => event.preventDefault()}
      />
          <canvas id={POINTER} ref={over} class="pointer" aria-hidden="true" hidden />
        </div>
      </div>
    </div>
  );
}

/** Pictures go to this canvas; every frame is told on its element without drawing the page again. */
function handOver(
  canvas: HTMLCanvasElement | null,
  over: HTMLCanvasElement | null,
  visit: VisitShell,
  hand: { current: Hand | null },
): (() => void) | undefined {
  if (canvas === null || over === null) return undefined;
  hand.current = new Hand(canvas, (deeds) => visit.act(deeds));
  visit.watchFrames(({ frame, width, height }) => {
    canvas.dataset["frame"] = String(frame);
    canvas.dataset["width"] = String(width);
    canvas.dataset["height"] = String(height);
  });
  visit.pointer.on({ screen: canvas, over });
  visit.show(canvas);
  return () => {
    visit.watchFrames(null);
    visit.pointer.on(null);
  };
}

function keyDown(event: KeyboardEvent, hand: Hand | null): void {
  if (isWayOut(event)) {
    event.preventDefault();
    hand?.release();
    document.querySelector<HTMLElement>(`#${SCALE}`)?.focus();
    return;
  }
  if (hand?.keyDown(event) === true) event.preventDefault();
}

/** What input methods and dead keys make arrives as text in the field. */
function typed(event: InputEvent & { currentTarget: HTMLTextAreaElement }, hand: Hand | null): void {
  if (event.isComposing) return;
  const field = event.currentTarget;
  hand?.text(field.value);
  field.value = "";
}

function composed(event: CompositionEvent & { currentTarget: HTMLTextAreaElement }, hand: Hand | null): void {
  hand?.text(event.data);
  event.currentTarget.value = "";
}
