import type { View } from "../filters/view";
import { NotCounted } from "../states/not-counted";
import { t } from "../texts/texts";
import { nowSeconds } from "../ui/clock";
import { StatCard } from "./card";
import { allAgain, toggled } from "./card-filters";
import { CARDS, type Card } from "./cards";
import type { Overview } from "./use-overview";

interface CardStripProps {
  view: View;
  overview: Overview;
  /** False where there is no list either, which then says why. */
  available: boolean;
  /** Why the server has not counted. */
  error: Error | null;
  onRetry: () => void;
  onChange: (change: Partial<View>) => void;
}

/** The eight figures over the list, and whether they are normal. */
export function CardStrip({ view, overview, available, error, onRetry, onChange }: CardStripProps) {
  const isUnknown = overview.stats === null;
  const isWaiting = isUnknown && available && error === null;
  const isRefused = isUnknown && available && error !== null;
  const act = ({ filter }: Card) => {
    const change = filter ? toggled(filter, view, nowSeconds()) : allAgain(view, nowSeconds());
    if (change) onChange(change);
  };
  return (
    <div className="relative">
      <ul
        aria-label={t("Statistics")}
        aria-busy={isWaiting}
        // What covers the cards then is in their place.
        inert={isRefused}
        className="grid grid-cols-4 gap-px border-b border-line bg-line @[38rem]:grid-cols-8"
      >
        {CARDS.map((card) => (
          <li key={card.key} className="min-w-0 bg-canvas">
            <StatCard
              card={card}
              figure={card.read(overview)}
              isOn={card.filter?.isOn(view, nowSeconds()) ?? null}
              canAct={card.filter !== null || allAgain(view, nowSeconds()) !== null}
              isWaiting={available && error === null}
              isLastDay={overview.period.isDefault}
              onAct={() => act(card)}
            />
          </li>
        ))}
      </ul>
      {isRefused && (
        <NotCounted error={error} onRetry={onRetry} className="absolute inset-0 gap-3 bg-canvas" />
      )}
    </div>
  );
}
