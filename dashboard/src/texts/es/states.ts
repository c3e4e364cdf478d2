import type da from "../da/states";
import type { Same } from "../same";

export default {
  "{what} cannot be shown": "{what}: no se puede mostrar",
  "The browser's console has the details.": "La consola del navegador tiene los detalles.",
  "Load the page again": "Volver a cargar la página",
  "Show the whole log": "Mostrar todo el registro",
  "Something went wrong": "Algo salió mal",
  "Request {id}": "Solicitud {id}",
  "The code below has a new key. It may only write, and it ends in {days} days. It is shown this once.":
    "El código de abajo contiene una clave nueva. Solo puede escribir y caduca en {days} días. Se muestra solo esta vez.",
  "Make a key": "Crear una clave",
  "Command to make a key": "Comando para crear una clave",
  "No key was made: {reason} The command above makes one on the server.":
    "No se creó ninguna clave: {reason} El comando de arriba crea una en el servidor.",
  "Send your first activity": "Envíe su primera actividad",
  "No application has logged anything yet. Make a key, run the code, and the activity appears here at once.":
    "Ninguna aplicación ha registrado nada todavía. Cree una clave, ejecute el código y la actividad aparecerá aquí enseguida.",
  "Make a key for your application": "Cree una clave para su aplicación",
  "Log something": "Registre algo",
  "Code to log an activity": "Código para registrar una actividad",
  "It needs: {needs}.": "Requiere: {needs}.",
  "Listening for the first activity…": "Esperando la primera actividad…",
  "Connecting to the stream…": "Conectando con el flujo…",
  "Node 20 or newer, as an ES module": "Node 20 o posterior, como módulo ES",
  "You may not read this log": "No puede leer este registro",
  "You are signed in as {name}, who is not an admin here.":
    "Ha iniciado sesión como {name}, que no es administrador aquí.",
  "Your sign-in was understood, but it is not an admin's.":
    "Su inicio de sesión es válido, pero no es el de un administrador.",
  "A person with access to the server can change that:":
    "Una persona con acceso al servidor puede cambiarlo:",
  "Sign in with another account": "Iniciar sesión con otra cuenta",
  "This page is beyond the last one": "Esta página está más allá de la última",
  "The log has fewer pages now than when this link was made.":
    "El registro tiene ahora menos páginas que cuando se creó este enlace.",
  "Go to the first page": "Ir a la primera página",
  "This page of the list cannot be shown": "Esta página de la lista no se puede mostrar",
  "The cursor in the address is damaged, or it belongs to another filter, another order or another log.":
    "El cursor de la dirección está dañado, o pertenece a otro filtro, a otro orden o a otro registro.",
  "Show the first page": "Mostrar la primera página",
  "Whatever matches from now on appears here by itself.":
    "Lo que coincida a partir de ahora aparecerá aquí solo.",
  "No activity matches all {count} filters": "Ninguna actividad cumple los {count} filtros",
  "No activity matches both filters": "Ninguna actividad cumple ambos filtros",
  "No activity matches this filter": "Ninguna actividad cumple este filtro",
  "Not counted": "No contado",
  "Your role does not read this. An admin or an auditor does.":
    "Su rol no lee esto. Lo lee un administrador o un auditor.",
  "Not found": "No encontrado",
  "page not found": "página no encontrada",
  "There is no page at this address": "No hay ninguna página en esta dirección",
  "The link may have been cut.": "Puede que el enlace esté cortado.",
  "Go to the activity log": "Ir al registro de actividad",
  "Without {filter} there is {count}.": "Sin {filter} hay {count}.",
  "Without {filter} there are {count}.": "Sin {filter} hay {count}.",
  "Remove it": "Quitarlo",
  "In error messages and details, {count} matches.": "En mensajes de error y detalles coincide {count}.",
  "In error messages and details, {count} match.": "En mensajes de error y detalles coinciden {count}.",
  "Search there": "Buscar ahí",
} satisfies Same<typeof da>;
