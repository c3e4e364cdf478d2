import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { secondsOf } from "../alerts/times";
import { getServerInfo } from "../api/calls";
import { getIndex, getRetention } from "../api/health-calls";
import { listKeys } from "../api/key-calls";
import { getGroups } from "../api/subject-calls";
import type { ActivityGroups, IndexInfo, KeyInfo, RetentionInfo, Session } from "../api/types";
import { formatBytes } from "../export/wish";
import { isStale, STALE_DAYS } from "../keys/stale";
import { KEYS_PATH } from "../paths";
import { hoursText } from "../settings/hours-text";
import { Frame } from "../shell/frame";
import { Section } from "../shell/section";
import { Moment } from "../times/moment";
import { nowSeconds } from "../ui/clock";
import { Facts } from "../ui/facts";
import { formatNumber, inWords } from "../ui/format";
import { SenderText } from "../ui/sender-text";

const HOUR = 3_600;
const rate = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** How the server is: what arrives, the index, how long activities are kept, and the keys. */
export default function HealthPage({ session }: { session: Session }) {
  const queries = useQueryClient();
  return (
    <Frame
      session={session}
      title="Health"
      refreshing={useIsFetching({ queryKey: ["health"] }) > 0}
      onRefresh={() => void queries.invalidateQueries({ queryKey: ["health"] })}
    >
      <Section title="Server" queryKey={["health", "server"]} read={getServerInfo}>
        {({ name, version }) => (
          <p>
            {name} {version}
          </p>
        )}
      </Section>
      <Section title="Last hour" queryKey={["health", "hour"]} read={readLastHour}>
        {(groups) => <LastHour groups={groups} />}
      </Section>
      <Section title="Index" queryKey={["health", "index"]} read={getIndex}>
        {(index) => <IndexFacts index={index} />}
      </Section>
      <Section title="Retention" queryKey={["health", "retention"]} read={getRetention}>
        {(retention) => <RetentionFacts retention={retention} />}
      </Section>
      <Section title="API keys" queryKey={["health", "keys"]} read={listKeys}>
        {({ keys }) => <KeyFacts keys={keys} now={nowSeconds()} />}
      </Section>
    </Frame>
  );
}

const readLastHour = (signal: AbortSignal) =>
  getGroups(new URLSearchParams({ date_from: String(Math.floor(nowSeconds()) - HOUR) }), signal);

function LastHour({ groups }: { groups: ActivityGroups }) {
  const all = groups.data[0];
  if (!all) return <p className="text-muted">Nothing arrived.</p>;
  const { count, failed_count, last_at } = all;
  return (
    <Facts
      facts={[
        { label: "Activities", value: `${formatNumber(count)} (${rate.format(count / HOUR)} a second)` },
        { label: "Failed", value: formatNumber(failed_count) },
        { label: "Newest", value: <Moment seconds={secondsOf(last_at)} /> },
      ]}
    />
  );
}

function KeyFacts({ keys, now }: { keys: readonly KeyInfo[]; now: number }) {
  const stale = keys.filter((key) => isStale(key, now)).length;
  const endless = keys.filter(({ expires_at }) => expires_at === null).length;
  return (
    <Facts
      facts={[
        {
          label: "Keys",
          value: (
            <Link href={KEYS_PATH} className="rounded text-accent hover:underline">
              {formatNumber(keys.length)}
            </Link>
          ),
        },
        { label: `Not used for ${STALE_DAYS} days`, value: formatNumber(stale) },
        { label: "Without an end", value: formatNumber(endless) },
      ]}
    />
  );
}

const stateText = (index: IndexInfo["index"]): string =>
  index.state === "building"
    ? `Building: ${formatNumber(index.indexed)} of ${formatNumber(index.of)} activities`
    : inWords(index.state);

function IndexFacts({ index }: { index: IndexInfo }) {
  return (
    <Facts
      facts={[
        { label: "State", value: stateText(index.index) },
        { label: "Activities", value: formatNumber(index.activities) },
        { label: "Files", value: formatBytes(index.file_bytes) },
        { label: "Memory", value: formatBytes(index.memory_bytes) },
      ]}
    />
  );
}

function RetentionFacts({ retention: { keep_hours, rules, holds, run } }: { retention: RetentionInfo }) {
  return (
    <Facts
      facts={[
        { label: "Kept", value: hoursText(keep_hours) },
        { label: "Further rules", value: formatNumber(rules.length) },
        { label: "Holds", value: formatNumber(holds.length) },
        {
          label: "Last run",
          value: run ? (
            <Moment seconds={secondsOf(run.ended_at ?? run.started_at)} />
          ) : (
            "None since the start"
          ),
        },
        ...(run?.error ? [{ label: "Error", value: <SenderText text={run.error} lines /> }] : []),
      ]}
    />
  );
}
