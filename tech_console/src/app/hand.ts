// Mouse, wheel and keyboard of this page, as deeds at the instrument. Moves are gathered until the next animation frame;
// presses go at once, after the move that led to them. What travels how is core/keyboard.ts.

import type { Deed } from "../core/input";
import { Keyboard } from "../core/keyboard";
import { pixelAt, type Part } from "../core/placing";

/** Pixels of wheel travel in one notch, and lines in one. */
const NOTCH: Readonly<Record<number, number>> = { 0: 100, 1: 3, 2: 1 };
const FARTHEST = 127;
/** On a Mac the Option key chooses characters, as AltGr does elsewhere, and is called Alt. */
const OPTION_TYPES = navigator.platform.startsWith("Mac");

/** Leaves the picture with the keyboard. */
export function isWayOut(event: KeyboardEvent): boolean {
  return event.ctrlKey && event.altKey && event.code === "Home";
}

/** The technician's hand on one picture. */
export class Hand {
  private readonly canvas: HTMLCanvasElement;
  private readonly act: (deeds: readonly Deed[]) => void;
  private readonly keyboard = new Keyboard();
  private readonly buttons = new Set<number>();
  /** The part of the picture that is shown; null: all of it. */
  part: Part | null = null;
  private move: Deed | null = null;
  private frame = 0;
  private turned = { x: 0, y: 0 };

  /** `size` is the picture's in pixels; `act` sends. */
  constructor(canvas: HTMLCanvasElement, act: (deeds: readonly Deed[]) => void) {
    this.canvas = canvas;
    this.act = act;
  }

  pointerMoved(event: PointerEvent): void {
    this.move = this.place(event);
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.flush());
  }

  pointerDown(event: PointerEvent): void {
    if (event.button < 0 || event.button > 4) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.buttons.add(event.button);
    this.at(event, [...this.keyboard.press(), { kind: "button", number: event.button, down: true }]);
  }

  pointerUp(event: PointerEvent): void {
    if (!this.buttons.delete(event.button)) return;
    this.at(event, [{ kind: "button", number: event.button, down: false }]);
  }

  wheel(event: WheelEvent): void {
    const notch = NOTCH[event.deltaMode] ?? 1;
    this.turned = { x: this.turned.x + event.deltaX / notch, y: this.turned.y + event.deltaY / notch };
    const [dx, dy] = [whole(this.turned.x), whole(this.turned.y)];
    if (dx === 0 && dy === 0) return;
    this.turned = { x: this.turned.x - dx, y: this.turned.y - dy };
    this.at(event, [{ kind: "wheel", dx, dy }]);
  }

  /** True when the key was taken. */
  keyDown(event: KeyboardEvent): boolean {
    if (event.isComposing || event.key === "Dead" || event.key === "Process") return false;
    const { code, key, ctrlKey: ctrl, altKey: alt, metaKey: meta } = event;
    const altGraph = event.getModifierState("AltGraph") || (OPTION_TYPES && alt && !ctrl && !meta);
    this.act(this.keyboard.down({ code, key, ctrl, alt, meta, altGraph }));
    return true;
  }

  keyUp(event: KeyboardEvent): void {
    this.act(this.keyboard.up(event.code));
  }

  text(text: string): void {
    this.act(this.keyboard.text(text));
  }

  /** Let go of every key and button: the focus went elsewhere, or control is over. */
  release(): void {
    const buttons = [...this.buttons].map((number): Deed => ({ kind: "button", number, down: false }));
    this.buttons.clear();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.move = null;
    this.act([...this.keyboard.release(), ...buttons]);
  }

  private at(event: MouseEvent, deeds: readonly Deed[]): void {
    this.move = null;
    this.act([this.place(event), ...deeds]);
  }

  private flush(): void {
    this.frame = 0;
    const { move } = this;
    this.move = null;
    if (move !== null) this.act([move]);
  }

  /** The host's pixel under the pointer, whatever the scale, and none of a monitor that is not shown. */
  private place(event: MouseEvent): Deed {
    const box = this.canvas.getBoundingClientRect();
    const size = { width: Number(this.canvas.dataset["width"]), height: Number(this.canvas.dataset["height"]) };
    const at = { x: event.clientX, y: event.clientY };
    return { kind: "move", ...pixelAt(at, box, size, this.part ?? { x: 0, y: 0, ...size }) };
  }
}

function whole(value: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, Math.trunc(value)));
}
