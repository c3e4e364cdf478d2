import { Menu } from "lucide-react";
import type { Session } from "../api/types";
import { t } from "../texts/texts";
import { Popover } from "../ui/popover";
import { Account } from "./account";
import { CommandsButton } from "./commands-button";
import { Navigation } from "./navigation";

/** The pages behind a button, where there is no room for their column. */
export default function PageMenu({ session }: { session: Session }) {
  return (
    <Popover name={t("Pages")} label={<Menu aria-label={t("Pages")} className="size-4" />}>
      {(close) => (
        <div className="flex max-h-[calc(100dvh-4rem)] flex-col gap-2 overflow-y-auto overscroll-contain py-2">
          <Navigation onFollow={close} />
          <div className="border-t border-line px-2 pt-2">
            <CommandsButton look="named" className="w-full" />
            <Account session={session} />
          </div>
        </div>
      )}
    </Popover>
  );
}
