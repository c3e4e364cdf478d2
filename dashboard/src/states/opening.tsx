import mark from "../ui/mark.svg";

export function Opening({ label }: { label: string }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3">
      <img src={mark} alt="" className="size-9 animate-pulse" />
      <p role="status" className="text-xs text-faint">
        {label}
      </p>
    </main>
  );
}
