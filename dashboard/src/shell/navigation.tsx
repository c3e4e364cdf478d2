import { Link, useLocation } from "wouter";
import { t } from "../texts/texts";
import { isAt, NAVIGATION, type PageEntry } from "./pages";

interface NavigationProps {
  /** Only the icons are drawn; the names are there for assistive technology and as tooltips. */
  compact?: boolean;
  onFollow?: () => void;
}

/** The pages, in their groups. */
export function Navigation({ compact = false, onFollow }: NavigationProps) {
  return (
    <nav aria-label={t("Main")} className="flex flex-col gap-4 px-2">
      {NAVIGATION.map(
        ({ title, pages, more }) =>
          (pages.length > 0 || (more && !compact)) && (
            <div key={title} className="flex flex-col">
              {title && !compact && (
                <h2 className="flex h-7 items-center px-2 text-2xs font-medium text-faint">{t(title)}</h2>
              )}
              <ul className="flex flex-col gap-px">
                {pages.map((page) => (
                  <li key={page.href}>
                    <PageLink page={page} compact={compact} onFollow={onFollow} />
                  </li>
                ))}
              </ul>
              {!compact && more?.(onFollow)}
            </div>
          ),
      )}
    </nav>
  );
}

interface PageLinkProps {
  page: PageEntry;
  compact: boolean;
  onFollow: (() => void) | undefined;
}

function PageLink({ page, compact, onFollow }: PageLinkProps) {
  const { href, icon: Icon, note } = page;
  const text = t(page.text);
  const [path] = useLocation();
  return (
    <Link
      href={href}
      aria-current={isAt(page, path) ? "page" : undefined}
      title={compact ? text : undefined}
      onClick={onFollow}
      className={`relative flex h-7 items-center rounded-md font-medium text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:text-ink ${compact ? "justify-center" : "justify-between gap-2 px-2"}`}
    >
      {compact && <Icon aria-hidden className="size-4" />}
      <span className={compact ? "sr-only" : "truncate"}>{text}</span>
      {note && <span className={compact ? "absolute -top-1 right-0" : ""}>{note}</span>}
    </Link>
  );
}
