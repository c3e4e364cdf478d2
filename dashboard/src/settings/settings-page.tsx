import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { getRetention } from "../api/health-calls";
import { listSettings } from "../api/settings-calls";
import type { Session } from "../api/types";
import { Frame } from "../shell/frame";
import { Section } from "../shell/section";
import { LanguageChoice } from "../texts/language-choice";
import { t } from "../texts/texts";
import { LOCAL } from "../times/zone";
import { Facts } from "../ui/facts";
import { CatalogueTable } from "./catalogue-table";
import { loadHelp } from "./help-text";
import { RedactionTrial } from "./redaction-trial";
import { RetentionTables } from "./retention-tables";
import { SettingTable } from "./setting-table";

const KEY = "settings";

/** The settings are shown once their texts are there, so that no row changes its language. */
async function readSettings(signal: AbortSignal) {
  const [settings] = await Promise.all([listSettings(signal), loadHelp()]);
  return settings;
}

/** What the server runs with. It is changed where the server is started, not here. */
export default function SettingsPage({ session }: { session: Session }) {
  const queries = useQueryClient();
  return (
    <Frame
      session={session}
      title={t("Settings")}
      refreshing={useIsFetching({ queryKey: [KEY] }) > 0}
      onRefresh={() => void queries.invalidateQueries({ queryKey: [KEY] })}
      bar={<p className="text-xs text-muted">{t("Settings are changed where the server is started.")}</p>}
    >
      <section aria-label={t("Redaction")} className="border-b border-line px-3 py-3">
        <h2 className="pb-1.5 text-xs font-medium text-faint">{t("Redaction")}</h2>
        {session.role === "admin" ? (
          <RedactionTrial />
        ) : (
          <p className="text-muted">{t("An admin can try here what of some details would be stored.")}</p>
        )}
      </section>
      <Section title={t("Retention and holds")} queryKey={[KEY, "retention"]} read={getRetention}>
        {(retention) => <RetentionTables retention={retention} />}
      </Section>
      <section aria-label={t("This browser")} className="border-b border-line px-3 py-3">
        <h2 className="pb-1.5 text-xs font-medium text-faint">{t("This browser")}</h2>
        <Facts
          facts={[
            {
              label: t("Language"),
              value: <LanguageChoice onChosen={() => window.location.reload()} />,
            },
            { label: t("Time zone"), value: LOCAL.name },
            { label: t("The log"), value: t("UTC, to the microsecond") },
          ]}
        />
      </section>
      <Section title={t("Settings in force")} queryKey={[KEY, "settings"]} read={readSettings}>
        {({ settings }) => (
          <div className="-mx-3">
            <SettingTable settings={settings} />
          </div>
        )}
      </Section>
      <CatalogueTable />
    </Frame>
  );
}
