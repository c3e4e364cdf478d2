import { changeText } from "../activity/change-text";
import type { Change } from "../api/types";
import { SenderText } from "../ui/sender-text";

/** What was changed: field, before, after. */
export function ChangesTable({ changes }: { changes: Record<string, Change> }) {
  return (
    <table className="w-full table-fixed overflow-hidden rounded-lg border border-line text-xs">
      <thead className="text-left text-faint">
        <tr className="bg-canvas">
          <th scope="col" className="w-[28%] px-3 py-1.5 font-medium">
            Field
          </th>
          <th scope="col" className="px-3 py-1.5 font-medium">
            Before
          </th>
          <th scope="col" className="px-3 py-1.5 font-medium">
            After
          </th>
        </tr>
      </thead>
      <tbody className="font-mono text-2xs">
        {Object.entries(changes).map(([field, { from, to }]) => (
          <tr key={field} className="border-t border-line align-top">
            <th scope="row" className="px-3 py-2 text-left font-medium break-words text-ink">
              <SenderText text={field} />
            </th>
            <td className="px-3 py-2 break-words whitespace-pre-wrap text-bad">
              <del className="decoration-bad/40">
                <SenderText text={changeText(from)} lines />
              </del>
            </td>
            <td className="px-3 py-2 break-words whitespace-pre-wrap text-good">
              <ins className="no-underline">
                <SenderText text={changeText(to)} lines />
              </ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
