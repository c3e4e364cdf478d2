/** What settings are for, and the notes beside their values, in German. */
import type { Same } from "../../texts/same";
import type da from "./da";

export default {
  "Folder of the embedded database and of the socket by which commands reach a running server [default: the folder of the database URL, else livetrail-data]":
    "Ordner der eingebetteten Datenbank und des Sockets, über den Befehle einen laufenden Server erreichen [Vorgabe: der Ordner der Datenbank-URL, sonst livetrail-data]",
  "Where the log is kept: sqlite:DIR, or postgres://USER:PASSWORD@HOST:PORT/NAME, with ?sslmode=verify-full and sslrootcert=FILE as for other clients [default: the data folder; DATABASE_URL is honoured]":
    "Wo das Protokoll liegt: sqlite:DIR oder postgres://USER:PASSWORD@HOST:PORT/NAME, mit ?sslmode=verify-full und sslrootcert=FILE wie bei anderen Clients [Vorgabe: der Datenordner; DATABASE_URL wird beachtet]",
  "File that holds the database URL, so that its password shows neither in `ps` nor in the environment":
    "Datei mit der Datenbank-URL, damit ihr Passwort weder in `ps` noch in der Umgebung erscheint",
  "Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7777]":
    "Adresse und Port, auf denen der Server lauscht; Port 0 nimmt einen freien [Vorgabe: 127.0.0.1:7777]",
  "Address and port where /metrics is answered without a credential [default: none; the main address asks for one]":
    "Adresse und Port, auf denen /metrics ohne Anmeldedaten beantwortet wird [Vorgabe: keine; die Hauptadresse verlangt welche]",
  "File with the certificate in PEM, and those that vouch for it, to speak TLS; read again at SIGHUP":
    "Datei mit dem Zertifikat in PEM und denen, die dafür bürgen, um TLS zu sprechen; bei SIGHUP neu gelesen",
  "File with the certificate's private key in PEM": "Datei mit dem privaten Schlüssel des Zertifikats in PEM",
  "Secret of at least 32 bytes that the application signs its HS256 tokens with. A secret that is given as a flag shows in `ps`: prefer a file or the environment [default: made and kept in the database, sealed; JWT_SECRET_KEY is honoured]":
    "Geheimnis von mindestens 32 Bytes, mit dem die Anwendung ihre HS256-Tokens signiert. Ein Geheimnis, das als Flag gegeben wird, erscheint in `ps`: Eine Datei oder die Umgebung ist besser [Vorgabe: erzeugt und versiegelt in der Datenbank; JWT_SECRET_KEY wird beachtet]",
  "File that holds that secret": "Datei mit diesem Geheimnis",
  "The secret before that one, which is still accepted during a change; as a flag it shows in `ps` [JWT_SECRET_KEY_PREVIOUS is honoured]":
    "Das vorige Geheimnis, das während eines Wechsels noch gilt; als Flag erscheint es in `ps` [JWT_SECRET_KEY_PREVIOUS wird beachtet]",
  "File that holds the secret before that one": "Datei mit dem vorigen Geheimnis",
  "File with at least 32 bytes, the same on every node. They seal the secrets that the log makes for itself [default: derived from the JWT secret; without one, seal.key in the data folder, which is made]":
    "Datei mit mindestens 32 Bytes, gleich auf jedem Knoten. Sie versiegeln die Geheimnisse, die das Protokoll selbst erzeugt [Vorgabe: vom JWT-Geheimnis abgeleitet; ohne eines seal.key im Datenordner, das dann angelegt wird]",
  "Where the public keys are that the application's tokens are signed with (RS256, ES256 or EdDSA); HS256 tokens are not accepted then":
    "Wo die öffentlichen Schlüssel liegen, mit denen die Tokens der Anwendung signiert sind (RS256, ES256 oder EdDSA); HS256-Tokens gelten dann nicht",
  "Issuer (iss) that tokens must name; may be repeated [default: any]":
    "Aussteller (iss), den Tokens nennen müssen; mehrfach möglich [Vorgabe: jeder]",
  "Audience (aud) that tokens must name; may be repeated [default: any]":
    "Empfänger (aud), den Tokens nennen müssen; mehrfach möglich [Vorgabe: jeder]",
  "Whether tokens without an expiry (exp) are accepted [default: false]":
    "Ob Tokens ohne Ablaufzeit (exp) gelten [Vorgabe: false]",
  "Claim whose text binds a token, or a user of single sign-on, to that tenant [default: none]":
    "Claim, dessen Text ein Token oder einen Benutzer des Single Sign-on an diesen Mandanten bindet [Vorgabe: keiner]",
  "Claim that says the role: viewer, auditor or admin [default: none; the list of admins decides]":
    "Claim, der die Rolle nennt: viewer, auditor oder admin [Vorgabe: keiner; die Liste der Administratoren entscheidet]",
  "Claim that makes an admin: NAME is true, or NAME=VALUE is or contains that text [default: none]":
    "Claim, der jemanden zum Administrator macht: NAME ist true, oder NAME=VALUE ist oder enthält diesen Text [Vorgabe: keiner]",
  "The application's table of admins in PostgreSQL, which is read and never written [default: admin_profiles:user_id]":
    "Die Tabelle der Administratoren der Anwendung in PostgreSQL, die gelesen und nie beschrieben wird [Vorgabe: admin_profiles:user_id]",
  "Issuer of single sign-on by OpenID Connect, exactly as its tokens name it [default: no single sign-on]":
    "Aussteller des Single Sign-on über OpenID Connect, genau wie seine Tokens ihn nennen [Vorgabe: kein Single Sign-on]",
  "The client id of this server at that issuer": "Die Client-ID dieses Servers bei diesem Aussteller",
  "File with the client's secret [default: LIVETRAIL_OIDC_CLIENT_SECRET, else none, as for a public client]":
    "Datei mit dem Geheimnis des Clients [Vorgabe: LIVETRAIL_OIDC_CLIENT_SECRET, sonst keines, wie bei einem öffentlichen Client]",
  "Scopes to ask that issuer for [default: openid profile email]":
    "Scopes, die von diesem Aussteller verlangt werden [Vorgabe: openid profile email]",
  "Claim that lists the groups of a user of single sign-on [default: groups]":
    "Claim mit den Gruppen eines Benutzers des Single Sign-on [Vorgabe: groups]",
  "Group whose members get a role (viewer, auditor or admin) by single sign-on; may be repeated, in the environment with a semicolon between":
    "Gruppe, deren Mitglieder durch Single Sign-on eine Rolle (viewer, auditor oder admin) erhalten; mehrfach möglich, in der Umgebung mit einem Semikolon dazwischen",
  "Network of a proxy whose Forwarded or X-Forwarded-For header says where a client is, such as 10.0.0.0/8; may be repeated":
    "Netzwerk eines Proxys, dessen Header Forwarded oder X-Forwarded-For sagt, wo ein Client ist, etwa 10.0.0.0/8; mehrfach möglich",
  "Whether the live stream takes a token in its address, ?token=… [default: true]":
    "Ob der Live-Strom ein Token in seiner Adresse annimmt, ?token=… [Vorgabe: true]",
  "Origin of another site whose pages may call, such as https://app.example.com; may be repeated":
    "Origin einer anderen Website, deren Seiten die API aufrufen dürfen, etwa https://app.example.com; mehrfach möglich",
  "How browsers reach this server, for sign-in links [default: http:// and the listening address]":
    "Wie Browser diesen Server erreichen, für Anmeldelinks [Vorgabe: http:// und die Adresse, auf der er lauscht]",
  "Server that e-mails of alerts are given to: smtp://USER:PASSWORD@HOST (STARTTLS, port 587), smtps:// (TLS from the beginning, port 465) or smtp+plain:// (no TLS, port 25). A password in a flag shows in `ps`: prefer the file or the environment [default: no e-mails]":
    "Server, dem E-Mails von Alarmen übergeben werden: smtp://USER:PASSWORD@HOST (STARTTLS, Port 587), smtps:// (TLS von Anfang an, Port 465) oder smtp+plain:// (ohne TLS, Port 25). Ein Passwort in einem Flag erscheint in `ps`: Die Datei oder die Umgebung ist besser [Vorgabe: keine E-Mails]",
  "File that holds that URL": "Datei mit dieser URL",
  "Sender of the e-mails, such as Livetrail <alerts@example.com>":
    "Absender der E-Mails, etwa Livetrail <alerts@example.com>",
  "Network of private, loopback or otherwise special addresses that alerts may be delivered to, such as 10.1.2.0/24; may be repeated [default: public addresses only]":
    "Netzwerk privater, lokaler oder sonst besonderer Adressen, an die Alarme gesendet werden dürfen, etwa 10.1.2.0/24; mehrfach möglich [Vorgabe: nur öffentliche Adressen]",
  "File with the places of addresses, in MaxMind's format (.mmdb), such as GeoLite2-City. Alert rules of impossible_travel need it. It is read into memory at the start [default: none]":
    "Datei mit den Orten von Adressen im Format von MaxMind (.mmdb), etwa GeoLite2-City. Alarmregeln mit impossible_travel brauchen sie. Sie wird beim Start in den Arbeitsspeicher gelesen [Vorgabe: keine]",
  "TOML file with actions of your own for the catalogue": "TOML-Datei mit eigenen Aktionen für den Katalog",
  "Whether secrets in details, changes and messages are replaced before they are stored [default: true]":
    "Ob Geheimnisse in Details, Änderungen und Meldungen ersetzt werden, bevor sie gespeichert werden [Vorgabe: true]",
  "Name of one more key whose values are secrets; may be repeated":
    "Name eines weiteren Schlüssels, dessen Werte geheim sind; mehrfach möglich",
  "How long activities are kept after they happened, such as 400d (h, d, w or y); older ones are removed. The file may have other times for tenants and categories, as [[retention]] [default: forever]":
    "Wie lange Aktivitäten nach ihrem Geschehen aufbewahrt werden, etwa 400d (h, d, w oder y); ältere werden entfernt. Die Datei kann als [[retention]] andere Zeiten für Mandanten und Kategorien haben [Vorgabe: für immer]",
  "How many of the newest positions are kept, and at most a hundredth more; older activities are removed, however new they are [default: all]":
    "Wie viele der neuesten Positionen aufbewahrt werden, und höchstens ein Hundertstel mehr; ältere Aktivitäten werden entfernt, wie neu sie auch sind [Vorgabe: alle]",
  "Whether ?text=… searches lists by words of error messages and details. The index then has these words, which takes time and space. It is made again when this is switched on [default: false]":
    "Ob ?text=… Listen nach Wörtern aus Fehlermeldungen und Details durchsucht. Der Index enthält dann diese Wörter, was Zeit und Platz kostet. Er wird neu erstellt, wenn dies eingeschaltet wird [Vorgabe: false]",
  "Seconds that a question to the log may take: a list with its figures, facets, a timeline, a report, a page of an export. Then it is ended and answered 503 [default: 10]":
    "Sekunden, die eine Frage an das Protokoll dauern darf: eine Liste mit ihren Zahlen, Facetten, ein Zeitverlauf, ein Bericht, eine Seite eines Exports. Dann wird sie beendet und mit 503 beantwortet [Vorgabe: 10]",
  "Megabytes of memory for what was read lately of the files of the index, which answers lists and figures [default: 256]":
    "Megabyte Arbeitsspeicher für das zuletzt Gelesene aus den Dateien des Index, der Listen und Zahlen beantwortet [Vorgabe: 256]",
  "Connections to PostgreSQL at once, at least 6. Idle ones are given back after a minute [default: 20]":
    "Gleichzeitige Verbindungen zu PostgreSQL, mindestens 6. Unbenutzte werden nach einer Minute zurückgegeben [Vorgabe: 20]",
  "Connections at once; more wait. Live streams leave a few of them to others [default: as many as open files are allowed, less 512]":
    "Gleichzeitige Verbindungen; weitere warten. Live-Ströme lassen einige davon für andere frei [Vorgabe: so viele, wie offene Dateien erlaubt sind, weniger 512]",
  "Connections at once from one address, or from one /64 of IPv6; more are told to come back later. Behind a proxy all come from its address [default: no limit]":
    "Gleichzeitige Verbindungen von einer Adresse oder einem /64 von IPv6; weitere sollen später wiederkommen. Hinter einem Proxy kommen alle von dessen Adresse [Vorgabe: keine Grenze]",
  "Threads that push to live streams over plain HTTP/1.1; with 0, each of them is a task, as over TLS and HTTP/2 [default: one for each core]":
    "Threads, die über einfaches HTTP/1.1 an Live-Ströme senden; bei 0 ist jeder davon ein Task, wie über TLS und HTTP/2 [Vorgabe: einer je Kern]",
  "Play believable traffic of a chat platform, with a past of a few thousand activities [default: false]":
    "Spielt glaubwürdigen Verkehr einer Chat-Plattform, mit einer Vergangenheit von einigen Tausend Aktivitäten [Vorgabe: false]",
  "How the server's own log is written [default: text]":
    "Wie das eigene Protokoll des Servers geschrieben wird [Vorgabe: text]",
  "The level of the server's own log: error, warn, info, debug or a filter such as livetrail_server::http=debug [default: info]":
    "Die Stufe des eigenen Protokolls des Servers: error, warn, info, debug oder ein Filter wie livetrail_server::http=debug [Vorgabe: info]",
  // Notes beside values.
  given: "gesetzt",
  "without its password": "ohne ihr Passwort",
  "not set": "nicht gesetzt",
  "made and kept in the database, sealed": "erzeugt und in der Datenbank aufbewahrt, versiegelt",
  "not set; the seal key is derived from jwt-secret-key":
    "nicht gesetzt; der Siegelschlüssel ist von jwt-secret-key abgeleitet",
  "not set; the seal key is seal.key in the data folder":
    "nicht gesetzt; der Siegelschlüssel ist seal.key im Datenordner",
  "without its query": "ohne ihre Query",
} satisfies Same<typeof da>;
