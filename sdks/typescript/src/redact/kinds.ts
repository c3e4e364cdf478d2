/** Why a text was taken for a secret, under the names of the server's metric `livetrail_redactions_total`. */
export type SecretKind =
  | "key"
  | "jwt"
  | "bearer"
  | "basic"
  | "scheme"
  | "private_key"
  | "card"
  | "known_format"
  | "url_password"
  | "path";

/** A secret in a text. */
export interface Found {
  start: number;
  end: number;
  kind: SecretKind;
}
