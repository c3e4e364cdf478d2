/** The titles and descriptions of the rules that Livetrail comes with, in Spanish. */
import type da from "../da/rules";
import type { Same } from "../same";

export default {
  "Some failed sign-ins of one user from one address in a day":
    "Algunos inicios de sesión fallidos de un usuario desde una dirección en un día",
  "Often a forgotten password. It is a trace for those who look for slow attacks.":
    "A menudo una contraseña olvidada. Es un rastro para quienes buscan ataques lentos.",
  "Many failed sign-ins of one user": "Muchos inicios de sesión fallidos de un usuario",
  "The password of this user is being guessed, or a program uses an old one.":
    "Alguien intenta adivinar la contraseña de este usuario, o un programa usa una antigua.",
  "Many failed sign-ins of one user, then a successful one":
    "Muchos inicios de sesión fallidos de un usuario y después uno correcto",
  "The password of this user may have been guessed. End the sessions of the user, and ask for a new password.":
    "Es posible que hayan adivinado la contraseña de este usuario. Termine sus sesiones y pida una contraseña nueva.",
  "A large part of the log was exported": "Se exportó una gran parte del registro",
  "One export had 10,000 activities or more. Ask the user whether it was meant.":
    "Una exportación tuvo 10.000 actividades o más. Pregunte al usuario si era su intención.",
  "Access to Livetrail or its settings were changed": "Se cambió el acceso a Livetrail o su configuración",
  "A key or an admin of Livetrail was created, its settings were changed (rules, legal holds), or the data of a user were erased. Links to sign in with, the directory of users and runs of the retention do not count.":
    "Se creó una clave o un administrador de Livetrail, se cambió su configuración (reglas, retenciones legales) o se borraron los datos de un usuario. Los enlaces de acceso, el directorio de usuarios y las ejecuciones de la conservación no cuentan.",
  "An admin was created, or the role of one was changed":
    "Se creó un administrador o se cambió el rol de uno",
  "Check that the change was intended. Admins of Livetrail have a rule of their own.":
    "Compruebe que el cambio era intencionado. Los administradores de Livetrail tienen una regla propia.",
  "The password of another user was reset": "Se restableció la contraseña de otro usuario",
  "Support does this when a user asks for it. An attacker does it to take an account over.":
    "El soporte lo hace cuando un usuario lo pide. Un atacante lo hace para apoderarse de una cuenta.",
  "Failed sign-ins of many users from one address":
    "Inicios de sesión fallidos de muchos usuarios desde una dirección",
  "One address tries the passwords of many users, a few for each, so that no account is locked.":
    "Una dirección prueba las contraseñas de muchos usuarios, pocas de cada uno, para que no se bloquee ninguna cuenta.",
  "A second factor was switched off": "Se desactivó un segundo factor",
  "An attacker does this after a takeover, to stay. Ask the user.":
    "Un atacante lo hace tras apoderarse de una cuenta, para quedarse. Pregunte al usuario.",
  "An admin acts from a network that was not seen in the last 30 days":
    "Un administrador actúa desde una red no vista en los últimos 30 días",
  "The account may be in other hands. Ask the admin, and end the sessions of the account if it was somebody else.":
    "La cuenta puede estar en otras manos. Pregunte al administrador y termine las sesiones de la cuenta si fue otra persona.",
  "An admin changes something outside working hours":
    "Un administrador cambia algo fuera del horario de trabajo",
  "Set the hours and the time zone of your team before you switch it on.":
    "Indique el horario y la zona horaria de su equipo antes de activarla.",
  "A user signs in from two places that are too far apart":
    "Un usuario inicia sesión desde dos lugares demasiado alejados",
  "It needs a GeoIP file of your own. Users of a VPN raise it, too.":
    "Necesita un archivo GeoIP propio. Los usuarios de una VPN también la activan.",
  "One user deletes much in a short time": "Un usuario elimina mucho en poco tiempo",
  "An account in other hands, or a program that went wrong. End the sessions of the user, and restore what is missing.":
    "Una cuenta en otras manos o un programa que falló. Termine las sesiones del usuario y restaure lo que falta.",
  "One user exports again and again": "Un usuario exporta una y otra vez",
  "Data may be leaving. Ask the user whether the exports were meant.":
    "Es posible que estén saliendo datos. Pregunte al usuario si las exportaciones eran intencionadas.",
  "Half of a user's requests are refused": "Se rechaza la mitad de las solicitudes de un usuario",
  "The user tries what the user may not do, or a role lacks a right.":
    "El usuario intenta lo que no puede hacer, o a un rol le falta un permiso.",
  "An endpoint that is usually called is not called any more":
    "Un endpoint que se suele llamar ya no se llama",
  "The endpoint may be broken, or a program that calls it may have stopped.":
    "El endpoint puede estar averiado, o un programa que lo llama puede haberse detenido.",
} satisfies Same<typeof da>;
