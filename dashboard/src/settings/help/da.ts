/** What settings are for, and the notes beside their values, in Danish. */
export default {
  "Folder of the embedded database and of the socket by which commands reach a running server [default: the folder of the database URL, else livetrail-data]":
    "Mappe til den indlejrede database og den socket, som kommandoer når en kørende server igennem [standard: mappen i databasens URL, ellers livetrail-data]",
  "Where the log is kept: sqlite:DIR, or postgres://USER:PASSWORD@HOST:PORT/NAME, with ?sslmode=verify-full and sslrootcert=FILE as for other clients [default: the data folder; DATABASE_URL is honoured]":
    "Hvor loggen ligger: sqlite:DIR eller postgres://USER:PASSWORD@HOST:PORT/NAME, med ?sslmode=verify-full og sslrootcert=FILE som for andre klienter [standard: datamappen; DATABASE_URL følges]",
  "File that holds the database URL, so that its password shows neither in `ps` nor in the environment":
    "Fil med databasens URL, så adgangskoden hverken vises i `ps` eller i miljøet",
  "Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7777]":
    "Adresse og port, som serveren lytter på; port 0 tager en ledig [standard: 127.0.0.1:7777]",
  "Address and port where /metrics is answered without a credential [default: none; the main address asks for one]":
    "Adresse og port, hvor /metrics besvares uden legitimation [standard: ingen; hovedadressen kræver en]",
  "File with the certificate in PEM, and those that vouch for it, to speak TLS; read again at SIGHUP":
    "Fil med certifikatet i PEM og dem, der står inde for det, til TLS; læses igen ved SIGHUP",
  "File with the certificate's private key in PEM": "Fil med certifikatets private nøgle i PEM",
  "Secret of at least 32 bytes that the application signs its HS256 tokens with. A secret that is given as a flag shows in `ps`: prefer a file or the environment [default: made and kept in the database, sealed; JWT_SECRET_KEY is honoured]":
    "Hemmelighed på mindst 32 byte, som applikationen signerer sine HS256-tokens med. En hemmelighed, der gives som flag, vises i `ps`: brug hellere en fil eller miljøet [standard: laves og gemmes forseglet i databasen; JWT_SECRET_KEY følges]",
  "File that holds that secret": "Fil med denne hemmelighed",
  "The secret before that one, which is still accepted during a change; as a flag it shows in `ps` [JWT_SECRET_KEY_PREVIOUS is honoured]":
    "Den forrige hemmelighed, som stadig godtages under et skift; som flag vises den i `ps` [JWT_SECRET_KEY_PREVIOUS følges]",
  "File that holds the secret before that one": "Fil med den forrige hemmelighed",
  "File with at least 32 bytes, the same on every node. They seal the secrets that the log makes for itself [default: derived from the JWT secret; without one, seal.key in the data folder, which is made]":
    "Fil med mindst 32 byte, den samme på hver node. De forsegler de hemmeligheder, som loggen selv laver [standard: afledt af JWT-hemmeligheden; uden en sådan seal.key i datamappen, som oprettes]",
  "Where the public keys are that the application's tokens are signed with (RS256, ES256 or EdDSA); HS256 tokens are not accepted then":
    "Hvor de offentlige nøgler ligger, som applikationens tokens er signeret med (RS256, ES256 eller EdDSA); HS256-tokens godtages så ikke",
  "Issuer (iss) that tokens must name; may be repeated [default: any]":
    "Udsteder (iss), som tokens skal nævne; kan gentages [standard: enhver]",
  "Audience (aud) that tokens must name; may be repeated [default: any]":
    "Modtager (aud), som tokens skal nævne; kan gentages [standard: enhver]",
  "Whether tokens without an expiry (exp) are accepted [default: false]":
    "Om tokens uden udløb (exp) godtages [standard: false]",
  "Claim whose text binds a token, or a user of single sign-on, to that tenant [default: none]":
    "Claim, hvis tekst binder et token eller en bruger af single sign-on til den lejer [standard: ingen]",
  "Claim that says the role: viewer, auditor or admin [default: none; the list of admins decides]":
    "Claim, der siger rollen: viewer, auditor eller admin [standard: ingen; listen over administratorer afgør det]",
  "Claim that makes an admin: NAME is true, or NAME=VALUE is or contains that text [default: none]":
    "Claim, der gør nogen til administrator: NAME er true, eller NAME=VALUE er eller indeholder den tekst [standard: ingen]",
  "The application's table of admins in PostgreSQL, which is read and never written [default: admin_profiles:user_id]":
    "Applikationens tabel over administratorer i PostgreSQL, som læses og aldrig skrives [standard: admin_profiles:user_id]",
  "Issuer of single sign-on by OpenID Connect, exactly as its tokens name it [default: no single sign-on]":
    "Udsteder af single sign-on via OpenID Connect, præcis som dens tokens nævner den [standard: ingen single sign-on]",
  "The client id of this server at that issuer": "Denne servers klient-id hos den udsteder",
  "File with the client's secret [default: LIVETRAIL_OIDC_CLIENT_SECRET, else none, as for a public client]":
    "Fil med klientens hemmelighed [standard: LIVETRAIL_OIDC_CLIENT_SECRET, ellers ingen, som for en offentlig klient]",
  "Scopes to ask that issuer for [default: openid profile email]":
    "Scopes, som den udsteder bedes om [standard: openid profile email]",
  "Claim that lists the groups of a user of single sign-on [default: groups]":
    "Claim med grupperne for en bruger af single sign-on [standard: groups]",
  "Group whose members get a role (viewer, auditor or admin) by single sign-on; may be repeated, in the environment with a semicolon between":
    "Gruppe, hvis medlemmer får en rolle (viewer, auditor eller admin) ved single sign-on; kan gentages, i miljøet med et semikolon imellem",
  "Network of a proxy whose Forwarded or X-Forwarded-For header says where a client is, such as 10.0.0.0/8; may be repeated":
    "Netværk for en proxy, hvis header Forwarded eller X-Forwarded-For siger, hvor en klient er, f.eks. 10.0.0.0/8; kan gentages",
  "Whether the live stream takes a token in its address, ?token=… [default: true]":
    "Om livestrømmen tager et token i sin adresse, ?token=… [standard: true]",
  "Origin of another site whose pages may call, such as https://app.example.com; may be repeated":
    "Origin for et andet websted, hvis sider må kalde, f.eks. https://app.example.com; kan gentages",
  "How browsers reach this server, for sign-in links [default: http:// and the listening address]":
    "Hvordan browsere når denne server, til loginlinks [standard: http:// og adressen, der lyttes på]",
  "Server that e-mails of alerts are given to: smtp://USER:PASSWORD@HOST (STARTTLS, port 587), smtps:// (TLS from the beginning, port 465) or smtp+plain:// (no TLS, port 25). A password in a flag shows in `ps`: prefer the file or the environment [default: no e-mails]":
    "Server, som e-mails om alarmer gives til: smtp://USER:PASSWORD@HOST (STARTTLS, port 587), smtps:// (TLS fra begyndelsen, port 465) eller smtp+plain:// (uden TLS, port 25). En adgangskode i et flag vises i `ps`: brug hellere filen eller miljøet [standard: ingen e-mails]",
  "File that holds that URL": "Fil med denne URL",
  "Sender of the e-mails, such as Livetrail <alerts@example.com>":
    "Afsender af e-mails, f.eks. Livetrail <alerts@example.com>",
  "Network of private, loopback or otherwise special addresses that alerts may be delivered to, such as 10.1.2.0/24; may be repeated [default: public addresses only]":
    "Netværk af private, lokale eller på anden måde særlige adresser, som alarmer må leveres til, f.eks. 10.1.2.0/24; kan gentages [standard: kun offentlige adresser]",
  "File with the places of addresses, in MaxMind's format (.mmdb), such as GeoLite2-City. Alert rules of impossible_travel need it. It is read into memory at the start [default: none]":
    "Fil med adressers steder i MaxMinds format (.mmdb), f.eks. GeoLite2-City. Alarmregler med impossible_travel har brug for den. Den læses ind i hukommelsen ved start [standard: ingen]",
  "TOML file with actions of your own for the catalogue": "TOML-fil med egne handlinger til kataloget",
  "Whether secrets in details, changes and messages are replaced before they are stored [default: true]":
    "Om hemmeligheder i detaljer, ændringer og meddelelser erstattes, før de gemmes [standard: true]",
  "Name of one more key whose values are secrets; may be repeated":
    "Navn på endnu en nøgle, hvis værdier er hemmelige; kan gentages",
  "How long activities are kept after they happened, such as 400d (h, d, w or y); older ones are removed. The file may have other times for tenants and categories, as [[retention]] [default: forever]":
    "Hvor længe aktiviteter gemmes, efter de skete, f.eks. 400d (h, d, w eller y); ældre fjernes. Filen kan have andre tider for lejere og kategorier, som [[retention]] [standard: for altid]",
  "How many of the newest positions are kept, and at most a hundredth more; older activities are removed, however new they are [default: all]":
    "Hvor mange af de nyeste positioner der gemmes, og højst en hundrededel mere; ældre aktiviteter fjernes, uanset hvor nye de er [standard: alle]",
  "Whether ?text=… searches lists by words of error messages and details. The index then has these words, which takes time and space. It is made again when this is switched on [default: false]":
    "Om ?text=… søger i lister efter ord fra fejlmeddelelser og detaljer. Indekset har så disse ord, hvilket koster tid og plads. Det laves på ny, når dette slås til [standard: false]",
  "Seconds that a question to the log may take: a list with its figures, facets, a timeline, a report, a page of an export. Then it is ended and answered 503 [default: 10]":
    "Sekunder, som et spørgsmål til loggen må tage: en liste med dens tal, facetter, en tidslinje, en rapport, en side af en eksport. Så afsluttes det og besvares med 503 [standard: 10]",
  "Megabytes of memory for what was read lately of the files of the index, which answers lists and figures [default: 256]":
    "Megabyte hukommelse til det, der sidst blev læst af indeksets filer; indekset besvarer lister og tal [standard: 256]",
  "Connections to PostgreSQL at once, at least 6. Idle ones are given back after a minute [default: 20]":
    "Samtidige forbindelser til PostgreSQL, mindst 6. Ubrugte gives tilbage efter et minut [standard: 20]",
  "Connections at once; more wait. Live streams leave a few of them to others [default: as many as open files are allowed, less 512]":
    "Samtidige forbindelser; flere venter. Livestrømme lader nogle af dem være til andre [standard: så mange, som der er tilladt åbne filer, minus 512]",
  "Connections at once from one address, or from one /64 of IPv6; more are told to come back later. Behind a proxy all come from its address [default: no limit]":
    "Samtidige forbindelser fra én adresse eller én /64 af IPv6; flere bedes komme igen senere. Bag en proxy kommer alle fra dens adresse [standard: ingen grænse]",
  "Threads that push to live streams over plain HTTP/1.1; with 0, each of them is a task, as over TLS and HTTP/2 [default: one for each core]":
    "Tråde, der sender til livestrømme over almindelig HTTP/1.1; med 0 er hver af dem en task, som over TLS og HTTP/2 [standard: én for hver kerne]",
  "Play believable traffic of a chat platform, with a past of a few thousand activities [default: false]":
    "Afspiller troværdig trafik fra en chatplatform, med en fortid på nogle tusinde aktiviteter [standard: false]",
  "How the server's own log is written [default: text]":
    "Hvordan serverens egen log skrives [standard: text]",
  "The level of the server's own log: error, warn, info, debug or a filter such as livetrail_server::http=debug [default: info]":
    "Niveauet for serverens egen log: error, warn, info, debug eller et filter som livetrail_server::http=debug [standard: info]",
  // Notes beside values.
  given: "angivet",
  "without its password": "uden adgangskoden",
  "not set": "ikke angivet",
  "made and kept in the database, sealed": "lavet og gemt i databasen, forseglet",
  "not set; the seal key is derived from jwt-secret-key":
    "ikke angivet; seglnøglen er afledt af jwt-secret-key",
  "not set; the seal key is seal.key in the data folder": "ikke angivet; seglnøglen er seal.key i datamappen",
  "without its query": "uden dens query",
};
