/**
 * Credentials in the formats of well-known issuers.
 *
 * Each has a prefix that its issuer chose so that such credentials can be found. The sources are the issuers' own
 * documentation of their token formats and the rules of secret scanners (GitHub secret scanning, gitleaks).
 */
import { DIGIT, isAt, startOfRun, utf8LengthOf } from "./ascii.js";
import { unexplained } from "./guess.js";
import { type Range, run } from "./token.js";

/** The characters that may follow a prefix. */
const ALNUM = "A-Za-z0-9";
const UPPER = "A-Z0-9";
const HEX = "0-9a-f";
const WORD = "A-Za-z0-9_";
const URL = "A-Za-z0-9_-";
const DOTTED = "A-Za-z0-9_.-";
const BASE64 = "A-Za-z0-9_+/=-";
const SLACK = "A-Za-z0-9_.%-";
const PATH = "A-Za-z0-9_./:~%-";

/**
 * How many: at least so many; so many and none after them; so many that are hard to guess; at least so many behind an
 * address, which stays.
 */
type Tail = "least" | "exactly" | "random" | "path";

// biome-ignore format: a table
const FORMATS: readonly (readonly [prefix: string, of: string, tail: Tail, least: number])[] = [
  ["1//0", URL, "random", 30], // Google refresh token
  ["ABIA", UPPER, "exactly", 16], // AWS bearer token of STS
  ["ACCA", UPPER, "exactly", 16], // AWS context-specific credential
  ["AGE-SECRET-KEY-1", UPPER, "least", 40], // age identity
  ["AIza", URL, "exactly", 35], // Google API key
  ["AKIA", UPPER, "exactly", 16], // AWS access key id
  ["ASIA", UPPER, "exactly", 16], // AWS temporary access key id
  ["ATATT3", BASE64, "least", 50], // Atlassian API token
  ["ATBB", ALNUM, "least", 28], // Bitbucket app password
  ["GOCSPX-", URL, "least", 20], // Google OAuth client secret
  ["NRAK-", UPPER, "exactly", 27], // New Relic user key
  ["PMAK-", URL, "least", 50], // Postman API key
  ["SG.", DOTTED, "least", 50], // SendGrid API key
  ["SK", HEX, "exactly", 32], // Twilio API key
  ["api.telegram.org/bot", PATH, "path", 30], // Telegram bot address
  ["api_org_", ALNUM, "least", 30], // Hugging Face organisation token
  ["cio", ALNUM, "exactly", 32], // crates.io token
  ["dapi", HEX, "exactly", 32], // Databricks token
  ["dckr_oat_", URL, "least", 20], // Docker organisation access token
  ["dckr_pat_", URL, "least", 20], // Docker personal access token
  ["discord.com/api/webhooks/", PATH, "path", 30], // Discord webhook
  ["discordapp.com/api/webhooks/", PATH, "path", 30], // Discord webhook
  ["doo_v1_", HEX, "least", 40], // DigitalOcean OAuth token
  ["dop_v1_", HEX, "least", 40], // DigitalOcean personal access token
  ["dor_v1_", HEX, "least", 40], // DigitalOcean refresh token
  ["dp.ct.", ALNUM, "least", 40], // Doppler CLI token
  ["dp.pt.", ALNUM, "least", 40], // Doppler personal token
  ["dp.sa.", ALNUM, "least", 40], // Doppler service account token
  ["dp.st.", DOTTED, "least", 40], // Doppler service token
  ["figd_", URL, "least", 40], // Figma personal access token
  ["fo1_", URL, "least", 40], // Fly.io token
  ["ghb_", ALNUM, "least", 30], // GitHub (reserved)
  ["gho_", ALNUM, "least", 30], // GitHub OAuth token
  ["ghp_", ALNUM, "least", 30], // GitHub personal access token
  ["ghr_", WORD, "least", 30], // GitHub refresh token
  ["ghs_", DOTTED, "least", 30], // GitHub server-to-server token
  ["ghu_", DOTTED, "least", 30], // GitHub user-to-server token
  ["github_pat_", WORD, "least", 22], // GitHub fine-grained token
  ["glagent-", DOTTED, "least", 20], // GitLab agent token
  ["glc_", BASE64, "least", 32], // Grafana Cloud token
  ["glcbt-", DOTTED, "least", 16], // GitLab CI job token
  ["gldt-", DOTTED, "least", 16], // GitLab deploy token
  ["glffct-", DOTTED, "least", 16], // GitLab feature flags client token
  ["glft-", DOTTED, "least", 16], // GitLab feed token
  ["glimt-", DOTTED, "least", 16], // GitLab incoming mail token
  ["gloas-", DOTTED, "least", 20], // GitLab OAuth application secret
  ["glpat-", DOTTED, "least", 16], // GitLab personal access token
  ["glptt-", DOTTED, "least", 20], // GitLab pipeline trigger token
  ["glrt-", DOTTED, "least", 16], // GitLab runner token
  ["glsa_", WORD, "least", 32], // Grafana service account token
  ["glsoat-", DOTTED, "least", 16], // GitLab SCIM token
  ["gsk_", ALNUM, "least", 40], // Groq API key
  ["hf_", ALNUM, "least", 30], // Hugging Face token
  ["hooks.slack.com/services/", PATH, "path", 20], // Slack webhook
  ["hooks.slack.com/triggers/", PATH, "path", 20], // Slack workflow webhook
  ["hooks.slack.com/workflows/", PATH, "path", 20], // Slack workflow webhook
  ["hooks.zapier.com/hooks/catch/", PATH, "path", 8], // Zapier webhook
  ["hvb.", URL, "least", 24], // HashiCorp Vault batch token
  ["hvr.", URL, "least", 24], // HashiCorp Vault recovery token
  ["hvs.", URL, "least", 24], // HashiCorp Vault service token
  ["key-", HEX, "exactly", 32], // Mailgun API key
  ["lin_api_", ALNUM, "least", 30], // Linear API key
  ["lin_oauth_", ALNUM, "least", 30], // Linear OAuth token
  ["lt_", URL, "least", 43], // Livetrail's API keys, sign-in links and tickets
  ["nfp_", ALNUM, "least", 32], // Netlify token
  ["npm_", ALNUM, "least", 30], // npm access token
  ["ntn_", ALNUM, "least", 40], // Notion integration token
  ["phc_", ALNUM, "least", 40], // PostHog project key
  ["phx_", ALNUM, "least", 40], // PostHog personal key
  ["pplx-", ALNUM, "least", 40], // Perplexity API key
  ["pscale_oauth_", URL, "least", 30], // PlanetScale OAuth token
  ["pscale_pw_", URL, "least", 30], // PlanetScale password
  ["pscale_tkn_", URL, "least", 30], // PlanetScale service token
  ["pypi-", URL, "least", 50], // PyPI token
  ["r8_", ALNUM, "least", 30], // Replicate API token
  ["rk_live_", ALNUM, "least", 16], // Stripe restricted key
  ["rk_test_", ALNUM, "least", 16], // Stripe restricted key of test mode
  ["rubygems_", HEX, "least", 40], // RubyGems API key
  ["sb_secret_", URL, "least", 20], // Supabase secret key
  ["sbp_", HEX, "least", 40], // Supabase access token
  ["secret_", ALNUM, "exactly", 43], // Notion internal integration secret
  ["shpat_", HEX, "least", 32], // Shopify access token
  ["shpca_", HEX, "least", 32], // Shopify custom app token
  ["shppa_", HEX, "least", 32], // Shopify private app token
  ["shpss_", HEX, "least", 32], // Shopify shared secret
  ["sk-", URL, "random", 20], // OpenAI (sk-, sk-proj-), Anthropic (sk-ant-), OpenRouter (sk-or-)
  ["sk_live_", ALNUM, "least", 16], // Stripe secret key
  ["sk_test_", ALNUM, "least", 16], // Stripe secret key of test mode
  ["sl.", URL, "least", 100], // Dropbox access token
  ["sntrys_", BASE64, "least", 40], // Sentry organisation token
  ["sntryu_", HEX, "least", 40], // Sentry user token
  ["sq0atp-", URL, "least", 22], // Square access token
  ["sq0csp-", URL, "least", 40], // Square OAuth secret
  ["tskey-", URL, "least", 20], // Tailscale key
  ["whsec_", BASE64, "least", 24], // Stripe and Svix webhook secret
  ["xai-", ALNUM, "least", 40], // xAI API key
  ["xapp-", URL, "least", 20], // Slack app-level token
  ["xkeysib-", URL, "least", 60], // Brevo API key
  ["xoxa-", SLACK, "least", 10], // Slack workspace token
  ["xoxb-", SLACK, "least", 10], // Slack bot token
  ["xoxe", SLACK, "random", 20], // Slack configuration tokens (xoxe-, xoxe.xoxp-)
  ["xoxp-", SLACK, "least", 10], // Slack user token
  ["xoxs-", SLACK, "least", 10], // Slack legacy session token
  ["ya29.", URL, "least", 20], // Google OAuth access token
];

interface Format {
  readonly prefix: string;
  readonly tail: Tail;
  readonly least: number;
  /** The shortest tail. A look at it comes first, so that a text of prefixes alone costs no more than its length. */
  readonly shortest: RegExp;
  readonly all: RegExp;
  /** So many characters tell whether a tail is hard to guess. */
  readonly enough: RegExp;
}

/** The formats by their first two characters, so that one look finds the few that may fit. */
const BY_BEGINNING = new Map<number, Format[]>();
for (const [prefix, of, tail, least] of FORMATS) {
  const border = tail === "exactly" ? `(?![A-Za-z0-9${of}])` : "";
  const pattern = (source: string) => new RegExp(source, "y");
  const shortest = pattern(`[${of}]{${least}}${border}`);
  const format = {
    prefix,
    tail,
    least,
    shortest,
    all: pattern(`[${of}]*`),
    enough: pattern(`[${of}]{0,64}`),
  };
  const beginning = beginningAt(prefix, 0);
  BY_BEGINNING.set(beginning, [...(BY_BEGINNING.get(beginning) ?? []), format]);
}

const MAX_TELEGRAM_ID = 10;
const MIN_TELEGRAM_ID = 8;
const TELEGRAM_TAIL = /AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y;
const BCRYPT = /\$2[abxy]\$[0-9]{2}\$[A-Za-z0-9./]{50,}/y;
const MIN_BCRYPT = 57;
const ARGON2 = /\$argon2[A-Za-z0-9$+/=,]{40,}/y;
const AWS_ID = 20;
const AWS_RUN = /[A-Za-z0-9/+]+/g;

function beginningAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1);
}

/** A credential that begins here. Before it stands no letter or digit. */
export function findFormat(text: string, start: number): Range | null {
  const formats = BY_BEGINNING.get(beginningAt(text, start));
  if (!formats) return null;
  for (const format of formats) {
    const found = text.startsWith(format.prefix, start) ? rangeOf(text, start, format) : null;
    if (found) return found;
  }
  return null;
}

function rangeOf(text: string, start: number, format: Format): Range | null {
  const from = start + format.prefix.length;
  const shortest = run(format.shortest, text, from);
  if (shortest === from) return null;
  if (format.tail === "random") {
    if (unexplained(text, from, run(format.enough, text, from)) < Math.floor(format.least / 2)) return null;
  }
  let end = format.tail === "exactly" ? shortest : run(format.all, text, from);
  while (end > from + format.least && text[end - 1] === ".") end -= 1;
  return [format.tail === "path" ? from : start, end];
}

/** A Telegram bot token around this colon. */
export function findTelegram(text: string, colon: number, floor: number): Range | null {
  if (text[colon + 1] !== "A") return null;
  const end = run(TELEGRAM_TAIL, text, colon + 1);
  if (end === colon + 1) return null;
  const id = startOfRun(text, colon, floor, DIGIT, MAX_TELEGRAM_ID + 1);
  const digits = colon - id;
  const fits = digits >= MIN_TELEGRAM_ID && digits <= MAX_TELEGRAM_ID && !isAt(text, id - 1, DIGIT);
  return fits ? [id, end] : null;
}

/** A hash of a password: bcrypt's (`$2b$…`) or Argon2's (`$argon2id$…`). */
export function findPasswordHash(text: string, start: number): Range | null {
  let end = run(BCRYPT, text, start);
  while (end > start + MIN_BCRYPT && text[end - 1] === ".") end -= 1;
  if (end === start) end = run(ARGON2, text, start);
  return end > start ? [start, end] : null;
}

/** Whether a secret is an AWS access key id, which a secret access key may stand beside. */
export function isAwsId(text: string, start: number, end: number): boolean {
  const begins = text.startsWith("AKIA", start) || text.startsWith("ASIA", start);
  return begins && utf8LengthOf(text, start, end) === AWS_ID;
}

/** The AWS secret access keys between: 40 characters of base64 with capitals, small letters and digits. */
export function findAwsSecrets(text: string, start: number, end: number): Range[] {
  const runs = text.slice(start, end).matchAll(AWS_RUN);
  const isSecret = ([run]: RegExpExecArray) =>
    run.length === 40 && /[A-Z]/.test(run) && /[a-z]/.test(run) && /[0-9]/.test(run);
  return Array.from(runs)
    .filter(isSecret)
    .map((run) => [start + run.index, start + run.index + run[0].length]);
}
