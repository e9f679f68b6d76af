// A keyboard far away: turns key presses here into keys and characters there. Text travels as characters, so that two
// layouts need not agree. Modifiers are held back until something needs them, because Shift only chose the character and
// would change it twice; a modifier tapped alone goes over as a tap. Nothing here listens to a keyboard.

import type { KeyName } from "../wire.gen";
import { isKeyName, isModifier, travelsAs, type Deed, type Keystroke } from "./input";

interface Held {
  sent: boolean;
  used: boolean;
}

/** What is down here, and what we have pressed there. */
export class Keyboard {
  private readonly modifiers = new Map<KeyName, Held>();
  private readonly pressed = new Set<KeyName>();

  /** A key went down (or repeats). */
  down(stroke: Keystroke): Deed[] {
    if (stroke.key === "AltGraph") return this.chooseCharacter();
    if (isKeyName(stroke.code) && isModifier(stroke.code)) return this.hold(stroke.code);
    switch (travelsAs(stroke)) {
      case "character":
        return [...this.lift(), character(stroke.key)];
      case "key":
        return isKeyName(stroke.code) ? [...this.press(), this.keyDown(stroke.code)] : [];
      case "nothing":
        return [];
    }
  }

  /** A key went up. */
  up(code: string): Deed[] {
    if (!isKeyName(code)) return [];
    const held = this.modifiers.get(code);
    if (held !== undefined) return this.letGo(code, held);
    return this.pressed.delete(code) ? [key(code, false)] : [];
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
    const deeds = [...this.pressed, ...sent].map((name) => key(name, false));
    this.pressed.clear();
    this.modifiers.clear();
    return deeds;
  }

  private hold(name: KeyName): Deed[] {
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

  private keyDown(name: KeyName): Deed {
    this.pressed.add(name);
    return key(name, true);
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
