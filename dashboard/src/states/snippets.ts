/** How an application sends its first activity, as it stands: with the address of this server and a key. */
import { t } from "../texts/texts";

export const LANGUAGES = [
  { value: "curl", label: "curl" },
  { value: "typescript", label: "TypeScript" },
  { value: "python", label: "Python" },
  { value: "rust", label: "Rust" },
] as const;

export type Language = (typeof LANGUAGES)[number]["value"];

interface Snippet {
  code: string;
  /** What it needs; null where nothing has to be installed. */
  needs: string | null;
}

const curl = (origin: string, key: string) => `curl ${origin}/api/activity \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"user_id": "ada", "action_type": "user_login"}'`;

const typescript = (origin: string, key: string) => `const answer = await fetch("${origin}/api/activity", {
  method: "POST",
  headers: {
    Authorization: "Bearer ${key}",
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ user_id: "ada", action_type: "user_login" }),
});
console.log(answer.status, await answer.text());`;

const python = (origin: string, key: string) => `import json, urllib.request

request = urllib.request.Request(
    "${origin}/api/activity",
    data=json.dumps({"user_id": "ada", "action_type": "user_login"}).encode(),
    headers={
        "Authorization": "Bearer ${key}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as answer:
    print(answer.status, answer.read().decode())`;

const rust = (origin: string, key: string) => `fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = reqwest::blocking::Client::new()
        .post("${origin}/api/activity")
        .bearer_auth("${key}")
        .json(&serde_json::json!({"user_id": "ada", "action_type": "user_login"}))
        .send()?;
    println!("{} {}", answer.status(), answer.text()?);
    Ok(())
}`;

const SNIPPETS: Record<
  Language,
  { make: (origin: string, key: string) => string; needs: (() => string) | null }
> = {
  curl: { make: curl, needs: null },
  typescript: { make: typescript, needs: () => t("Node 20 or newer, as an ES module") },
  python: { make: python, needs: null },
  rust: { make: rust, needs: () => "cargo add reqwest --features blocking,json; cargo add serde_json" },
};

export function snippetOf(language: Language, origin: string, key: string): Snippet {
  const { make, needs } = SNIPPETS[language];
  return { code: make(origin, key), needs: needs?.() ?? null };
}
