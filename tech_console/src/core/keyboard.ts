// A keyboard far away: turns key presses here into keys and characters there. Text travels as characters, so that two
// layouts need not agree. Modifiers are held back until something needs them, because Shift only chose the character and
// would change it twice; a modifier tapped alone goes over as a tap. Nothing here listens to a keyboard.

import type { KeyName } from "../wire.gen";
import { modifierOf, travelsAs, type Deed, type Keystroke } from "./input";

interface Held {
  sent: boolean;
  used: boolean;
}

/** What is down here, and what we have pressed there. */
export class Keyboard {
  private readonly modifiers = new Map<KeyName, Held>();
  /** What each key here has pressed there: its meaning may change before it goes up. */
  private readonly pressed = new Map<string, KeyName>();
  /** Which modifier each key here is. */
  private readonly roles = new Map<string, KeyName>();

  /** A key went down (or repeats). */
  down(stroke: Keystroke): Deed[] {
    if (stroke.key === "AltGraph") return this.chooseCharacter();
    const modifier = modifierOf(stroke);
    if (modifier !== null) return this.hold(stroke.code, modifier);
    const travels = travelsAs(stroke);
    switch (travels.as) {
      case "character":
        return [...(travels.shortcut ? this.press() : this.lift()), { kind: "character", codePoint: travels.codePoint }];
      case "key":
        return [...this.press(), ...this.keyDown(stroke.code, travels.name)];
      case "nothing":
        return [];
    }
  }

  /** A key went up. */
  up(code: string): Deed[] {
    const modifier = this.roles.get(code);
    const held = modifier === undefined ? undefined : this.modifiers.get(modifier);
    if (modifier !== undefined && held !== undefined) {
      this.roles.delete(code);
      return this.letGo(modifier, held);
    }
    const name = this.pressed.get(code);
    this.pressed.delete(code);
    return name === undefined ? [] : [key(name, false)];
  }

  /** Text that came without a key of its own, from an input method. */
  text(text: string): Deed[] {
    return [...this.lift(), ...[...text].flatMap((letter) => (isWritten(letter) ? [character(letter)] : []))];
  }

  /** What must be down before a mouse button goes over, so that a Control click is one there too. */
  press(): Deed[] {
    const deeds: Deed[] = [];
    for (const [name, held] of this.modifiers) {
      if (!held.sent) deeds.push(key(name, true));
      held.sent = true;
      held.used = true;
    }
    return deeds;
  }

  /** Let go of everything: the picture lost the focus, or control is over. */
  release(): Deed[] {
    const sent = [...this.modifiers].filter(([, held]) => held.sent).map(([name]) => name);
    const deeds = [...new Set(this.pressed.values()), ...sent].map((name) => key(name, false));
    this.pressed.clear();
    this.modifiers.clear();
    this.roles.clear();
    return deeds;
  }

  private hold(code: string, name: KeyName): Deed[] {
    this.roles.set(code, name);
    if (!this.modifiers.has(name)) this.modifiers.set(name, { sent: false, used: false });
    return [];
  }

  private letGo(name: KeyName, held: Held): Deed[] {
    this.modifiers.delete(name);
    if (held.sent) return [key(name, false)];
    return held.used ? [] : [key(name, true), key(name, false)];
  }

  /** Where AltGr arrives as Control and Alt, neither of them was meant as a key. */
  private chooseCharacter(): Deed[] {
    for (const held of this.modifiers.values()) held.used = true;
    return [];
  }

  private lift(): Deed[] {
    const deeds: Deed[] = [];
    for (const [name, held] of this.modifiers) {
      if (held.sent) deeds.push(key(name, false));
      held.sent = false;
      held.used = true;
    }
    return deeds;
  }

  private keyDown(code: string, name: KeyName): Deed[] {
    const before = this.pressed.get(code);
    this.pressed.set(code, name);
    return [...(before === undefined || before === name ? [] : [key(before, false)]), key(name, true)];
  }
}

function key(name: KeyName, down: boolean): Deed {
  return { kind: "key", name, down };
}

function character(letter: string): Deed {
  return { kind: "character", codePoint: letter.codePointAt(0) ?? 0 };
}

function isWritten(letter: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(letter);
}
