/** What settings are for, and the notes beside their values, in Spanish. */
import type { Same } from "../../texts/same";
import type da from "./da";

export default {
  "Folder of the embedded database and of the socket by which commands reach a running server [default: the folder of the database URL, else livetrail-data]":
    "Carpeta de la base de datos integrada y del socket por el que los comandos llegan a un servidor en marcha [predeterminado: la carpeta de la URL de la base de datos; si no, livetrail-data]",
  "Where the log is kept: sqlite:DIR, or postgres://USER:PASSWORD@HOST:PORT/NAME, with ?sslmode=verify-full and sslrootcert=FILE as for other clients [default: the data folder; DATABASE_URL is honoured]":
    "Dónde se guarda el registro: sqlite:DIR o postgres://USER:PASSWORD@HOST:PORT/NAME, con ?sslmode=verify-full y sslrootcert=FILE como en otros clientes [predeterminado: la carpeta de datos; se respeta DATABASE_URL]",
  "File that holds the database URL, so that its password shows neither in `ps` nor in the environment":
    "Archivo con la URL de la base de datos, para que su contraseña no aparezca ni en `ps` ni en el entorno",
  "Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7777]":
    "Dirección y puerto en los que escucha el servidor; el puerto 0 toma uno libre [predeterminado: 127.0.0.1:7777]",
  "Address and port where /metrics is answered without a credential [default: none; the main address asks for one]":
    "Dirección y puerto en los que /metrics responde sin credenciales [predeterminado: ninguno; la dirección principal las pide]",
  "File with the certificate in PEM, and those that vouch for it, to speak TLS; read again at SIGHUP":
    "Archivo con el certificado en PEM y los que lo avalan, para usar TLS; se vuelve a leer con SIGHUP",
  "File with the certificate's private key in PEM": "Archivo con la clave privada del certificado en PEM",
  "Secret of at least 32 bytes that the application signs its HS256 tokens with. A secret that is given as a flag shows in `ps`: prefer a file or the environment [default: made and kept in the database, sealed; JWT_SECRET_KEY is honoured]":
    "Secreto de al menos 32 bytes con el que la aplicación firma sus tokens HS256. Un secreto dado como opción aparece en `ps`: es preferible un archivo o el entorno [predeterminado: creado y guardado en la base de datos, sellado; se respeta JWT_SECRET_KEY]",
  "File that holds that secret": "Archivo con ese secreto",
  "The secret before that one, which is still accepted during a change; as a flag it shows in `ps` [JWT_SECRET_KEY_PREVIOUS is honoured]":
    "El secreto anterior, que aún se acepta durante un cambio; como opción aparece en `ps` [se respeta JWT_SECRET_KEY_PREVIOUS]",
  "File that holds the secret before that one": "Archivo con el secreto anterior",
  "File with at least 32 bytes, the same on every node. They seal the secrets that the log makes for itself [default: derived from the JWT secret; without one, seal.key in the data folder, which is made]":
    "Archivo con al menos 32 bytes, el mismo en cada nodo. Sellan los secretos que el registro crea por sí mismo [predeterminado: derivado del secreto JWT; sin él, seal.key en la carpeta de datos, que se crea]",
  "Where the public keys are that the application's tokens are signed with (RS256, ES256 or EdDSA); HS256 tokens are not accepted then":
    "Dónde están las claves públicas con las que se firman los tokens de la aplicación (RS256, ES256 o EdDSA); entonces no se aceptan tokens HS256",
  "Issuer (iss) that tokens must name; may be repeated [default: any]":
    "Emisor (iss) que los tokens deben nombrar; se puede repetir [predeterminado: cualquiera]",
  "Audience (aud) that tokens must name; may be repeated [default: any]":
    "Destinatario (aud) que los tokens deben nombrar; se puede repetir [predeterminado: cualquiera]",
  "Whether tokens without an expiry (exp) are accepted [default: false]":
    "Si se aceptan tokens sin caducidad (exp) [predeterminado: false]",
  "Claim whose text binds a token, or a user of single sign-on, to that tenant [default: none]":
    "Claim cuyo texto vincula un token, o un usuario de inicio de sesión único, a ese inquilino [predeterminado: ninguno]",
  "Claim that says the role: viewer, auditor or admin [default: none; the list of admins decides]":
    "Claim que indica el rol: viewer, auditor o admin [predeterminado: ninguno; decide la lista de administradores]",
  "Claim that makes an admin: NAME is true, or NAME=VALUE is or contains that text [default: none]":
    "Claim que convierte en administrador: NAME es true, o NAME=VALUE es o contiene ese texto [predeterminado: ninguno]",
  "The application's table of admins in PostgreSQL, which is read and never written [default: admin_profiles:user_id]":
    "La tabla de administradores de la aplicación en PostgreSQL, que se lee y nunca se escribe [predeterminado: admin_profiles:user_id]",
  "Issuer of single sign-on by OpenID Connect, exactly as its tokens name it [default: no single sign-on]":
    "Emisor del inicio de sesión único por OpenID Connect, exactamente como lo nombran sus tokens [predeterminado: sin inicio de sesión único]",
  "The client id of this server at that issuer":
    "El identificador de cliente de este servidor ante ese emisor",
  "File with the client's secret [default: LIVETRAIL_OIDC_CLIENT_SECRET, else none, as for a public client]":
    "Archivo con el secreto del cliente [predeterminado: LIVETRAIL_OIDC_CLIENT_SECRET; si no, ninguno, como en un cliente público]",
  "Scopes to ask that issuer for [default: openid profile email]":
    "Ámbitos (scopes) que se piden a ese emisor [predeterminado: openid profile email]",
  "Claim that lists the groups of a user of single sign-on [default: groups]":
    "Claim con los grupos de un usuario de inicio de sesión único [predeterminado: groups]",
  "Group whose members get a role (viewer, auditor or admin) by single sign-on; may be repeated, in the environment with a semicolon between":
    "Grupo cuyos miembros reciben un rol (viewer, auditor o admin) por inicio de sesión único; se puede repetir, en el entorno con un punto y coma en medio",
  "Network of a proxy whose Forwarded or X-Forwarded-For header says where a client is, such as 10.0.0.0/8; may be repeated":
    "Red de un proxy cuya cabecera Forwarded o X-Forwarded-For dice dónde está un cliente, como 10.0.0.0/8; se puede repetir",
  "Whether the live stream takes a token in its address, ?token=… [default: true]":
    "Si el flujo en vivo acepta un token en su dirección, ?token=… [predeterminado: true]",
  "Origin of another site whose pages may call, such as https://app.example.com; may be repeated":
    "Origen de otro sitio cuyas páginas pueden llamar, como https://app.example.com; se puede repetir",
  "How browsers reach this server, for sign-in links [default: http:// and the listening address]":
    "Cómo llegan los navegadores a este servidor, para los enlaces de acceso [predeterminado: http:// y la dirección de escucha]",
  "Server that e-mails of alerts are given to: smtp://USER:PASSWORD@HOST (STARTTLS, port 587), smtps:// (TLS from the beginning, port 465) or smtp+plain:// (no TLS, port 25). A password in a flag shows in `ps`: prefer the file or the environment [default: no e-mails]":
    "Servidor al que se entregan los correos de las alertas: smtp://USER:PASSWORD@HOST (STARTTLS, puerto 587), smtps:// (TLS desde el principio, puerto 465) o smtp+plain:// (sin TLS, puerto 25). Una contraseña en una opción aparece en `ps`: es preferible el archivo o el entorno [predeterminado: sin correos]",
  "File that holds that URL": "Archivo con esa URL",
  "Sender of the e-mails, such as Livetrail <alerts@example.com>":
    "Remitente de los correos, como Livetrail <alerts@example.com>",
  "Network of private, loopback or otherwise special addresses that alerts may be delivered to, such as 10.1.2.0/24; may be repeated [default: public addresses only]":
    "Red de direcciones privadas, locales o especiales a las que se pueden entregar alertas, como 10.1.2.0/24; se puede repetir [predeterminado: solo direcciones públicas]",
  "File with the places of addresses, in MaxMind's format (.mmdb), such as GeoLite2-City. Alert rules of impossible_travel need it. It is read into memory at the start [default: none]":
    "Archivo con los lugares de las direcciones en el formato de MaxMind (.mmdb), como GeoLite2-City. Lo necesitan las reglas de alerta de impossible_travel. Se lee en memoria al inicio [predeterminado: ninguno]",
  "TOML file with actions of your own for the catalogue":
    "Archivo TOML con acciones propias para el catálogo",
  "Whether secrets in details, changes and messages are replaced before they are stored [default: true]":
    "Si los secretos en detalles, cambios y mensajes se sustituyen antes de guardarse [predeterminado: true]",
  "Name of one more key whose values are secrets; may be repeated":
    "Nombre de otra clave cuyos valores son secretos; se puede repetir",
  "How long activities are kept after they happened, such as 400d (h, d, w or y); older ones are removed. The file may have other times for tenants and categories, as [[retention]] [default: forever]":
    "Cuánto tiempo se conservan las actividades después de ocurrir, como 400d (h, d, w o y); las más antiguas se eliminan. El archivo puede tener otros tiempos para inquilinos y categorías, como [[retention]] [predeterminado: para siempre]",
  "How many of the newest positions are kept, and at most a hundredth more; older activities are removed, however new they are [default: all]":
    "Cuántas de las posiciones más recientes se conservan, y como máximo una centésima parte más; las actividades anteriores se eliminan, por recientes que sean [predeterminado: todas]",
  "Whether ?text=… searches lists by words of error messages and details. The index then has these words, which takes time and space. It is made again when this is switched on [default: false]":
    "Si ?text=… busca en las listas por palabras de mensajes de error y detalles. El índice contiene entonces esas palabras, lo que cuesta tiempo y espacio. Se vuelve a crear cuando esto se activa [predeterminado: false]",
  "Seconds that a question to the log may take: a list with its figures, facets, a timeline, a report, a page of an export. Then it is ended and answered 503 [default: 10]":
    "Segundos que puede tardar una pregunta al registro: una lista con sus cifras, facetas, una línea de tiempo, un informe, una página de una exportación. Después se termina y se responde 503 [predeterminado: 10]",
  "Megabytes of memory for what was read lately of the files of the index, which answers lists and figures [default: 256]":
    "Megabytes de memoria para lo último leído de los archivos del índice, que responde a listas y cifras [predeterminado: 256]",
  "Connections to PostgreSQL at once, at least 6. Idle ones are given back after a minute [default: 20]":
    "Conexiones simultáneas a PostgreSQL, al menos 6. Las inactivas se devuelven tras un minuto [predeterminado: 20]",
  "Connections at once; more wait. Live streams leave a few of them to others [default: as many as open files are allowed, less 512]":
    "Conexiones simultáneas; las demás esperan. Los flujos en vivo dejan algunas para otros [predeterminado: tantas como archivos abiertos se permiten, menos 512]",
  "Connections at once from one address, or from one /64 of IPv6; more are told to come back later. Behind a proxy all come from its address [default: no limit]":
    "Conexiones simultáneas desde una dirección, o desde un /64 de IPv6; a las demás se les pide volver más tarde. Detrás de un proxy todas vienen de su dirección [predeterminado: sin límite]",
  "Threads that push to live streams over plain HTTP/1.1; with 0, each of them is a task, as over TLS and HTTP/2 [default: one for each core]":
    "Hilos que envían a los flujos en vivo por HTTP/1.1 simple; con 0, cada flujo es una tarea, como por TLS y HTTP/2 [predeterminado: uno por núcleo]",
  "Play believable traffic of a chat platform, with a past of a few thousand activities [default: false]":
    "Simula el tráfico de una plataforma de chat, con un pasado de unos miles de actividades [predeterminado: false]",
  "How the server's own log is written [default: text]":
    "Cómo se escribe el registro propio del servidor [predeterminado: text]",
  "The level of the server's own log: error, warn, info, debug or a filter such as livetrail_server::http=debug [default: info]":
    "El nivel del registro propio del servidor: error, warn, info, debug o un filtro como livetrail_server::http=debug [predeterminado: info]",
  // Notes beside values.
  given: "definido",
  "without its password": "sin su contraseña",
  "not set": "sin definir",
  "made and kept in the database, sealed": "creado y guardado en la base de datos, sellado",
  "not set; the seal key is derived from jwt-secret-key":
    "sin definir; la clave de sellado se deriva de jwt-secret-key",
  "not set; the seal key is seal.key in the data folder":
    "sin definir; la clave de sellado es seal.key en la carpeta de datos",
  "without its query": "sin su consulta",
} satisfies Same<typeof da>;
