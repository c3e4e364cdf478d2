import type { Change } from "../api/types";

const show = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "–"));

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
              {field}
            </th>
            <td className="px-3 py-2 break-words text-bad">
              <del className="decoration-bad/40">{show(from)}</del>
            </td>
            <td className="px-3 py-2 break-words text-good">
              <ins className="no-underline">{show(to)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
