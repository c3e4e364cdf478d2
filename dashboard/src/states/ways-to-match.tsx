import { fullWords } from "../filters/token-words";
import { type Token, tokensOf, withoutToken } from "../filters/tokens";
import { useCounts } from "../filters/use-counts";
import { useTextSearch } from "../filters/use-text-search";
import { useView } from "../filters/use-view";
import type { Filter } from "../filters/view";
import { useSession } from "../session/use-session";
import { plural, rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";

/** So many are counted: each is a question to the server. */
const MOST_TOKENS = 8;

/** Which token of the filter leaves out the most, with the way to do without it. */
export default function WaysToMatch() {
  const { view, filterBy } = useView();
  const me = useSession(false).data?.user_id ?? null;
  const tokens = tokensOf(view, me).slice(0, MOST_TOKENS);
  // Without its only token a filter is no filter: that is known, and there is a button for it.
  const candidates = tokens.length > 1 ? tokens : [];
  const counts = useCounts(candidates.map((token) => ({ ...view, ...withoutToken(view, token) })));
  const best = mostOf(candidates, counts);
  const textSearch = useTextSearch();
  const [searched] = useCounts(textSearch ? searchInMessages(view) : []);
  return (
    <>
      {best && (
        <p className="flex flex-wrap items-center justify-center gap-2">
          <span>
            {rich(
              best.count === 1 ? "Without {filter} there is {count}." : "Without {filter} there are {count}.",
              {
                filter: (
                  <strong className="font-semibold text-ink">
                    <SenderText text={fullWords(best.token, me)} />
                  </strong>
                ),
                count: formatNumber(best.count),
              },
            )}
          </span>
          <Button look="primary" size="small" onClick={() => filterBy(withoutToken(view, best.token))}>
            {t("Remove it")}
          </Button>
        </p>
      )}
      {typeof searched === "number" && searched > 0 && (
        <p className="flex flex-wrap items-center justify-center gap-2">
          <span>
            {plural(
              searched,
              "In error messages and details, {count} matches.",
              "In error messages and details, {count} match.",
            )}
          </span>
          <Button look="primary" size="small" onClick={() => filterBy(inMessages(view))}>
            {t("Search there")}
          </Button>
        </p>
      )}
    </>
  );
}

function mostOf(
  tokens: readonly Token[],
  counts: readonly unknown[],
): { token: Token; count: number } | null {
  let best: { token: Token; count: number } | null = null;
  tokens.forEach((token, index) => {
    const count = counts[index];
    if (typeof count === "number" && count > (best?.count ?? 0)) best = { token, count };
  });
  return best;
}

/** The same words, looked for where the quick search does not look. */
const inMessages = ({ q }: Filter): Partial<Filter> => ({
  q: "",
  text: q.trim(),
});

const searchInMessages = (filter: Filter): Filter[] =>
  filter.q.trim() && !filter.text.trim() ? [{ ...filter, ...inMessages(filter) }] : [];
