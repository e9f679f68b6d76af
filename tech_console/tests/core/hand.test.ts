// Keyboard and input: what travels as a character, what as a key, and what is let go of.

import { describe, expect, test } from "vitest";

import { batches, coalesced, packDeed, ROOM, type Deed, type Keystroke } from "../../src/core/input";
import { Keyboard } from "../../src/core/keyboard";
import { LIMITS, type KeyName } from "../../src/wire.gen";

const PLAIN = { ctrl: false, alt: false, meta: false, altGraph: false };

function stroke(code: string, typed: string, held: Partial<Keystroke> = {}): Keystroke {
  return { ...PLAIN, code, key: typed, ...held };
}

function key(name: KeyName, down: boolean): Deed {
  return { kind: "key", name, down };
}

function character(letter: string): Deed {
  return { kind: "character", codePoint: letter.codePointAt(0) ?? 0 };
}

describe("text", () => {
  test.each([
    ["KeyA", "a"],
    ["KeyQ", "à"],
    ["Digit4", "€"],
    ["Space", " "],
    ["Numpad7", "7"],
    ["", "語"],
  ])("%s that types %s travels as that character", (code, letter) => {
    const keyboard = new Keyboard();
    expect(keyboard.down(stroke(code, letter))).toEqual([character(letter)]);
    expect(keyboard.up(code)).toEqual([]);
  });

  test("with Shift is already the right character, so Shift does not travel", () => {
    const keyboard = new Keyboard();
    expect(keyboard.down(stroke("ShiftLeft", "Shift"))).toEqual([]);
    expect(keyboard.down(stroke("KeyA", "A"))).toEqual([character("A")]);
    expect(keyboard.up("KeyA")).toEqual([]);
    expect(keyboard.down(stroke("KeyB", "B"))).toEqual([character("B")]);
    const released = keyboard.up("ShiftLeft");
    expect(released.filter((deed) => deed.kind === "character")).toEqual([]);
  });

  test("with AltGr, where that arrives as Control and Alt, brings neither", () => {
    const keyboard = new Keyboard();
    const held = { ctrl: true, alt: true, altGraph: true };
    expect(keyboard.down(stroke("ControlLeft", "Control"))).toEqual([]);
    expect(keyboard.down(stroke("AltRight", "AltGraph", held))).toEqual([]);
    expect(keyboard.down(stroke("KeyE", "€", held))).toEqual([character("€")]);
    expect(keyboard.up("ControlLeft")).toEqual([]);
    expect(keyboard.up("AltRight")).toEqual([]);
  });

  test("from an input method comes without keys, and control characters stay out", () => {
    expect(new Keyboard().text("日\n本")).toEqual([character("日"), character("本")]);
  });

  test.each(["Dead", "Process", "Compose", "Unidentified"])("%s waits for what it becomes", (name) => {
    expect(new Keyboard().down(stroke("KeyE", name))).toEqual([]);
  });

  test.each(["CapsLock", "NumLock", "ScrollLock"])("%s stays here: the characters come by themselves", (name) => {
    expect(new Keyboard().down(stroke(name, name))).toEqual([]);
  });
});

describe("keys", () => {
  test("a named key goes down and up", () => {
    const keyboard = new Keyboard();
    expect(keyboard.down(stroke("Enter", "Enter"))).toEqual([key("Enter", true)]);
    expect(keyboard.up("Enter")).toEqual([key("Enter", false)]);
    expect(keyboard.up("Enter")).toEqual([]);
  });

  test("a shortcut brings its modifier with it", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    expect(keyboard.down(stroke("KeyC", "c", { ctrl: true }))).toEqual([key("ControlLeft", true), key("KeyC", true)]);
    expect(keyboard.up("KeyC")).toEqual([key("KeyC", false)]);
    expect(keyboard.up("ControlLeft")).toEqual([key("ControlLeft", false)]);
  });

  test("a modifier tapped alone goes over as a tap", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("AltLeft", "Alt", { alt: true }));
    keyboard.down(stroke("AltLeft", "Alt", { alt: true }));
    expect(keyboard.up("AltLeft")).toEqual([key("AltLeft", true), key("AltLeft", false)]);
  });

  test("a Shift that went over with a key is lifted before a character", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ShiftLeft", "Shift"));
    expect(keyboard.down(stroke("ArrowLeft", "ArrowLeft"))).toEqual([key("ShiftLeft", true), key("ArrowLeft", true)]);
    expect(keyboard.down(stroke("KeyA", "A"))).toEqual([key("ShiftLeft", false), character("A")]);
    expect(keyboard.up("ShiftLeft")).toEqual([]);
  });

  test("a click with Control held is one there too", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    expect(keyboard.press()).toEqual([key("ControlLeft", true)]);
    expect(keyboard.press()).toEqual([]);
  });

  test.each([
    ["KeyQ", "a", "KeyA"],
    ["KeyW", "z", "KeyZ"],
    ["KeyC", "C", "KeyC"],
    ["Digit1", "1", "Digit1"],
    ["KeyM", ",", "Comma"],
    ["KeyC", "\u0441", "KeyC"],
    ["NumpadAdd", "+", "NumpadAdd"],
    ["Space", " ", "Space"],
  ] as const)("Control and %s that types %s is the host's %s", (code, letter, name) => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    expect(keyboard.down(stroke(code, letter, { ctrl: true }))).toEqual([key("ControlLeft", true), key(name, true)]);
    expect(keyboard.up(code)).toEqual([key(name, false)]);
  });

  test("a sign without a key of its own is typed under its modifiers, wherever the host has it", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    expect(keyboard.down(stroke("BracketRight", "+", { ctrl: true }))).toEqual([key("ControlLeft", true), character("+")]);
    expect(keyboard.up("BracketRight")).toEqual([]);
    expect(keyboard.up("ControlLeft")).toEqual([key("ControlLeft", false)]);
  });

  test.each(["@", "€", "{"])("Control and Alt that type %s are AltGr", (letter) => {
    const keyboard = new Keyboard();
    const held = { ctrl: true, alt: true };
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    keyboard.down(stroke("AltLeft", "Alt", held));
    expect(keyboard.down(stroke("KeyQ", letter, held))).toEqual([character(letter)]);
    expect([...keyboard.up("AltLeft"), ...keyboard.up("ControlLeft")]).toEqual([]);
  });

  test.each([
    ["Numpad7", "Home", "Home"],
    ["NumpadDecimal", "Delete", "Delete"],
    ["NumpadEnter", "Enter", "NumpadEnter"],
    ["CapsLock", "Escape", "Escape"],
    ["IntlBackslash", "Enter", "Enter"],
  ] as const)("%s that is %s here is %s there", (code, name, there) => {
    const keyboard = new Keyboard();
    expect(keyboard.down(stroke(code, name))).toEqual([key(there, true)]);
    expect(keyboard.up(code)).toEqual([key(there, false)]);
  });

  test.each([
    ["Numpad5", "Clear"],
    ["CapsLock", "CapsLock"],
  ])("%s that is %s here is nothing there", (code, name) => {
    expect(new Keyboard().down(stroke(code, name))).toEqual([]);
  });

  test("a modifier on another key is a modifier there", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("CapsLock", "Control", { ctrl: true }));
    expect(keyboard.down(stroke("KeyC", "c", { ctrl: true }))).toEqual([key("ControlLeft", true), key("KeyC", true)]);
    expect(keyboard.up("CapsLock")).toEqual([key("ControlLeft", false)]);
  });

  test("a key goes up as what it went down, whatever it means by then", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    keyboard.down(stroke("KeyQ", "a", { ctrl: true }));
    expect(keyboard.down(stroke("KeyQ", "q", { ctrl: true }))).toEqual([key("KeyA", false), key("KeyQ", true)]);
    expect(keyboard.up("KeyQ")).toEqual([key("KeyQ", false)]);
  });

  test("everything held is let go of at once", () => {
    const keyboard = new Keyboard();
    keyboard.down(stroke("ControlLeft", "Control", { ctrl: true }));
    keyboard.down(stroke("KeyC", "c", { ctrl: true }));
    keyboard.down(stroke("ShiftLeft", "Shift"));
    expect(keyboard.release()).toEqual([key("KeyC", false), key("ControlLeft", false)]);
    expect(keyboard.release()).toEqual([]);
    expect(keyboard.up("KeyC")).toEqual([]);
  });

  test("a key that the host has no name for stays here", () => {
    const keyboard = new Keyboard();
    expect(keyboard.down(stroke("BrowserBack", "BrowserBack"))).toEqual([]);
    expect(keyboard.up("BrowserBack")).toEqual([]);
  });
});

function move(x: number): Deed {
  return { kind: "move", x, y: 0 };
}

describe("batches", () => {
  test("leave out what the pointer only passed, and keep where each press was", () => {
    const press: Deed = { kind: "button", number: 0, down: true };
    expect(coalesced([move(1), move(2), press, move(3), move(4), move(5), key("Enter", true), press])).toEqual([
      move(2),
      press,
      move(5),
      key("Enter", true),
      press,
    ]);
    expect(coalesced([])).toEqual([]);
  });

  test("are of one size, however much is in them, and keep the order", () => {
    const deeds = Array.from({ length: 30 }, (_, x): Deed => ({ kind: "move", x, y: 0 }));
    const made = batches(7, 5, deeds);
    expect(made).toHaveLength(Math.ceil(30 / Math.floor(ROOM / 5)));
    expect(made.every((batch) => batch.length === LIMITS.INPUT_PLAIN)).toBe(true);
    expect(made.map((batch) => batch[8]).reduce((sum, count) => (sum ?? 0) + (count ?? 0), 0)).toBe(30);
  });

  test.each<Deed>([
    { kind: "move", x: -1, y: 0 },
    { kind: "move", x: 0, y: 65_536 },
    { kind: "move", x: 0.5, y: 0 },
    { kind: "button", number: 5, down: true },
    { kind: "wheel", dx: 128, dy: 0 },
    { kind: "character", codePoint: 0x1b },
    { kind: "character", codePoint: 0xd800 },
  ])("never hold what no reader would accept: %j", (deed) => {
    expect(() => packDeed(deed)).toThrow(RangeError);
  });
});
