"""The same as `typed_text.py` in Tk, which looks keys up through Xlib's own tables and input method, as many older programs do."""

import json
import sys
import tkinter


def tell(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main() -> None:
    root = tkinter.Tk()
    root.overrideredirect(True)
    root.geometry(f"{root.winfo_screenwidth()}x{root.winfo_screenheight()}+0+0")
    field = tkinter.Text(root)
    field.pack(fill="both", expand=True)

    def changed(_event: object) -> None:
        if field.edit_modified():
            tell(kind="Text", text=field.get("1.0", "end-1c"))
            field.edit_modified(False)

    def everything(_event: object) -> str:
        field.tag_add("sel", "1.0", "end")
        return "break"

    for letter in "aA":  # Caps Lock makes another binding of it
        field.bind(f"<Control-{letter}>", everything)
    field.bind("<<Modified>>", changed)
    field.bind("<FocusIn>", lambda _event: tell(kind="Focus", focused=True))
    root.update()
    field.focus_force()
    root.mainloop()


if __name__ == "__main__":
    main()
