import { keyName } from "../shell/key-name";
import { t } from "../texts/texts";
import { formatCount } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import type { Command } from "./command";

interface CommandListProps {
  id: string;
  /** The id of the element of a command. */
  idOf: (index: number) => string;
  commands: readonly Command[];
  /** The one that the field is at. */
  index: number;
  onChoose: (command: Command) => void;
}

/** The commands in their groups. The focus stays in the field, which names the one it is at. */
export function CommandList({ id, idOf, commands, index, onChoose }: CommandListProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("Commands")}
      className="max-h-[min(26rem,60dvh)] overflow-y-auto p-1.5"
    >
      {groupsOf(commands).map(({ title, first, members }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options is not one of form fields
        <div key={`${title} ${first}`} role="group" aria-label={title}>
          <div aria-hidden className="px-2 pt-2 pb-1 text-2xs font-medium text-faint">
            {title}
          </div>
          {members.map((command, at) => (
            <CommandRow
              key={command.id}
              id={idOf(first + at)}
              command={command}
              active={first + at === index}
              onChoose={() => onChoose(command)}
            />
          ))}
        </div>
      ))}
      {commands.length === 0 && (
        <p className="px-2 py-3 text-xs text-faint">{t("Nothing is called that.")}</p>
      )}
    </div>
  );
}

interface Group {
  title: string;
  /** The index of its first command among all. */
  first: number;
  members: Command[];
}

/** Neighbours of one group come together. What a text finds is in the order of how well it fits, so a group may return. */
function groupsOf(commands: readonly Command[]): Group[] {
  const groups: Group[] = [];
  commands.forEach((command, at) => {
    const last = groups.at(-1);
    if (last?.title === command.group) last.members.push(command);
    else groups.push({ title: command.group, first: at, members: [command] });
  });
  return groups;
}

interface CommandRowProps {
  id: string;
  command: Command;
  active: boolean;
  onChoose: () => void;
}

function CommandRow({ id, command: { words, note, keys, count }, active, onChoose }: CommandRowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option it is at
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose it
    <div
      id={id}
      role="option"
      aria-selected={active}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={`flex min-h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 text-xs ${active ? "bg-accent-soft" : "hover:bg-hover"}`}
    >
      <span className="min-w-0 shrink-0 truncate font-medium max-w-[70%]">
        <SenderText text={words} />
      </span>
      {note && (
        <span className="min-w-0 truncate text-faint">
          <SenderText text={note} />
        </span>
      )}
      <span className="ml-auto flex shrink-0 items-center gap-2 text-faint">
        {count !== null && count !== undefined && <span className="tabular">{formatCount(count)}</span>}
        {keys && <kbd className="rounded border border-line px-1 font-mono text-2xs">{keyName(keys)}</kbd>}
      </span>
    </div>
  );
}
