import { useState } from "react";
import type { Act } from "./completion";
import { shapeOf } from "./shapes";
import { readToken, writeToken } from "./token-text";
import { type Token, withoutToken, withToken } from "./tokens";
import type { Filter } from "./view";

export interface BarOptions {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  onOpen: (id: string) => void;
}

/** What is open beneath the bar. */
export type Beneath = "list" | "time" | null;

/** What is being typed in the bar, and what becomes of it. */
export function useBar({ filter, onChange, onOpen }: BarOptions) {
  const [text, setText] = useState("");
  const [beneath, setBeneath] = useState<Beneath>(null);
  /** The token whose text is in the field. It is left out of the filter only once the text is entered. */
  const [editing, setEditing] = useState<Token | null>(null);
  const removed = editing ? withoutToken(filter, editing) : {};
  const base: Filter = { ...filter, ...removed };

  const reset = () => {
    setText("");
    setEditing(null);
    setBeneath(null);
  };
  const apply = (token: Token) => {
    onChange({ ...removed, ...withToken(base, token) });
    reset();
  };
  const type = (next: string) => {
    setText(next);
    setBeneath("list");
  };
  return {
    text,
    base,
    beneath,
    editing,
    setBeneath,
    reset,
    apply,
    type,
    /** Enters the text as what it is: a token as typed, what its shape says, or words to search for. */
    enter: () => {
      if (text.trim())
        apply(readToken(text) ?? certain(text) ?? { field: "q", not: false, values: [text.trim()] });
      else if (editing) {
        onChange(removed);
        reset();
      }
    },
    pick: (act: Act) => {
      if ("apply" in act) apply(act.apply);
      else if ("type" in act) type(act.type);
      else if ("dates" in act) {
        reset();
        setBeneath("time");
      } else {
        reset();
        onOpen(act.open);
      }
    },
    /** Takes a pasted text at once where its shape leaves no doubt. */
    paste: (pasted: string): boolean => {
      const token = text === "" && !editing ? certain(pasted) : null;
      if (token) apply(token);
      return token !== null;
    },
    edit: (token: Token) => {
      if (token.field === "time") {
        reset();
        setBeneath("time");
        return;
      }
      setEditing(token);
      type(writeToken(token));
    },
    remove: (token: Token) => {
      onChange(withoutToken(filter, token));
      reset();
    },
  };
}

function certain(text: string): Token | null {
  const shape = shapeOf(text);
  return shape && "certain" in shape ? shape.certain : null;
}
