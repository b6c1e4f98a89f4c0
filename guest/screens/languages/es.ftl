language-name = Español
language-direction = ltr
language-plurals = one

## Alrededor de cada página

skip-to-content = Saltar al contenido
sign-in = Iniciar sesión
sign-out = Cerrar sesión
nav-label = Acceso de invitados
nav-overview = Resumen
nav-access = Accesos
nav-give = Dar acceso
nav-invitations = Invitaciones
nav-team = Equipo
nav-history = Historial
nav-policy = Normas
nav-lock-outs = Bloqueos
nav-plugins = Extensiones
nav-accounts = Cuentas
until = hasta
banner-guest = Está aquí como invitado de { $grantor }
banner-switched = Está actuando en la cuenta de { $grantor }
return-to-own = Volver a su propia cuenta
somebody-who-left = alguien que ya no está
to-the-site = Al sitio
next-page = Más
details = Detalles
save = Guardar

## Cuando algo no funciona

not-allowed = No permitido
not-found = No encontrado
it-is-over = Ha terminado
access-is-over = El acceso ha terminado
did-not-work = No ha funcionado
no-such-page = Esta página no existe.
not-right-now = El sitio no puede hacerlo en este momento. Si estaba cambiando algo, mire si se cambió antes de volver a intentarlo.
bad-form = El formulario no llegó como lo envía esta página. Abra la página de nuevo y envíelo desde allí.
stale-form = Este formulario es de otra sesión. Abra la página de nuevo y envíelo desde allí.
stale-form-kept = Ha vuelto a iniciar sesión desde que se abrió este formulario. No se ha perdido nada: revíselo y envíelo otra vez.
foreign-form = Otro sitio web envió este formulario. Abra la página aquí e inténtelo de nuevo.
look-below = Falta algo o algo no es correcto. Está indicado junto a los campos.
return-or-sign-out-first = Está en la cuenta de otra persona. Vuelva a la suya o cierre la sesión, y abra la invitación de nuevo.

## Tiempo

months = enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre
date = { $day } de { $month } de { $year }
date-and-time = { $date }, { $time }
now = ahora
in-minutes = { $count ->
    [one] dentro de 1 minuto
   *[other] dentro de { $count } minutos
}
in-hours = { $count ->
    [one] dentro de 1 hora
   *[other] dentro de { $count } horas
}
in-days = { $count ->
    [one] dentro de 1 día
   *[other] dentro de { $count } días
}
in-months = { $count ->
    [one] dentro de 1 mes
   *[other] dentro de { $count } meses
}
in-years = { $count ->
    [one] dentro de 1 año
   *[other] dentro de { $count } años
}
minutes-ago = { $count ->
    [one] hace 1 minuto
   *[other] hace { $count } minutos
}
hours-ago = { $count ->
    [one] hace 1 hora
   *[other] hace { $count } horas
}
days-ago = { $count ->
    [one] hace 1 día
   *[other] hace { $count } días
}
months-ago = { $count ->
    [one] hace 1 mes
   *[other] hace { $count } meses
}
years-ago = { $count ->
    [one] hace 1 año
   *[other] hace { $count } años
}
years = { $count ->
    [one] 1 año
   *[other] { $count } años
}
months-long = { $count ->
    [one] 1 mes
   *[other] { $count } meses
}
weeks = { $count ->
    [one] 1 semana
   *[other] { $count } semanas
}
days = { $count ->
    [one] 1 día
   *[other] { $count } días
}
hours = { $count ->
    [one] 1 hora
   *[other] { $count } horas
}
minutes = { $count ->
    [one] 1 minuto
   *[other] { $count } minutos
}
seconds = { $count ->
    [one] 1 segundo
   *[other] { $count } segundos
}
for-length = durante { $length }
after-first-use = hasta { $length } después de entrar por primera vez
until-date = hasta el { $date }
until-taken-back = hasta que usted lo retire

## Un acceso

all-permissions = Todo
all-permissions-hint = Todo lo que usted mismo puede hacer, salvo gestionar usuarios y accesos.
some-permissions = Permisos elegidos
chosen-permissions = { $count ->
    [one] 1 permiso elegido
   *[other] { $count } permisos elegidos
}
and-more = { $count ->
    [one] y 1 más
   *[other] y { $count } más
}
but-less = { $count ->
    [one] sin 1
   *[other] sin { $count }
}
permissions-count = { $count ->
    [one] 1 permiso
   *[other] { $count } permisos
}
kind-link = Enlace
kind-password = Usuario y contraseña
kind-invitation = Invitación
state-provisioning = En preparación
state-ready = Sin usar
state-active = Activo
state-suspended = Suspendido
state-ended = Terminado
state-retired = Terminado, usuario eliminado
because-expired = Caducado
because-revoked = Retirado
because-declined = Rechazado
because-grantor-gone = Terminado: quien lo dio ya no está
because-abandoned = Nunca se preparó
bound-first-use = contado desde el primer uso
bound-use-within = si no se usa antes
bound-longest-window = lo máximo que permite el sitio
bound-plugin = como quiere una extensión
opens = se abre
ends = termina
no-end = Sin fin
last-seen = última vez
used-times = { $count ->
    [one] usado una vez
   *[other] usado { $count } veces
}
used-of = { $count ->
    [one] usado una vez de { $allowed }
   *[other] usado { $count } veces de { $allowed }
}
withheld-reserved = ningún invitado puede gestionar usuarios ni accesos
withheld-grantor = quien dio el acceso no lo tiene
withheld-ceiling = por encima de lo que el sitio permite a los invitados
withheld-plugin = una extensión lo retiene
withheld-count = { $count ->
    [one] Se retiene 1 permiso
   *[other] Se retienen { $count } permisos
}
sentence-role = { $name } puede hacer todo lo que puede el rol { $role }, salvo gestionar usuarios y accesos, { $ending }.
sentence-all = { $name } puede hacer todo lo que usted puede, salvo gestionar usuarios y accesos, { $ending }.
sentence-chosen = { $count ->
    [one] { $name } puede hacer una cosa elegida, { $ending }.
   *[other] { $name } puede hacer { $count } cosas elegidas, { $ending }.
}
sentence-not-yet = Elija qué permitir y por cuánto tiempo; aquí se dice qué pasará.
the-guest = El invitado

## Resumen

front-title = Quién puede entrar ahora mismo
nobody-can-get-in = Solo pueden entrar los usuarios propios del sitio.
site-deactivated = El acceso de invitados a este sitio está desactivado: solo entran sus propios usuarios hasta que se vuelva a activar. Lo que se dio se conserva.
front-hint = Dé acceso a un técnico, un contable o un desarrollador mientras dure el trabajo. Termina solo, en el siguiente clic.
see-all = Ver todos
ends-soon = Terminan pronto
nothing-ends = Nada termina pronto.
lately = Últimamente
chart-label = { $count ->
    [one] 1 suceso en los últimos 14 días
   *[other] { $count } sucesos en los últimos 14 días
}

## Accesos

filter-email = Correo electrónico
filter-state = Estado
filter-kind = Tipo
filter-action = Qué pasó
filter-button = Mostrar
any-state = Cualquiera
any-kind = Cualquiera
any-action = Cualquier cosa
pick = Elegir a { $name }
damaged-grants = Estos registros no se pueden leer, así que no dan acceso:
nothing-found = No se encontró nada.
nobody-yet = Todavía no ha dado acceso a nadie.
show-all = Mostrar todos
revoke-picked = Retirar los elegidos
revoked-count = { $count ->
    [one] Se retiró el acceso de 1 invitado.
   *[other] Se retiró el acceso de { $count } invitados.
}

## Dar acceso

give-how = ¿Cómo entra el invitado?
give-link = Enlace
give-link-hint = Un enlace que enviar. Sin contraseña y sin cuenta que borrar.
give-password = Usuario y contraseña
give-password-hint = Para quien quiere iniciar sesión como en todas partes.
give-invitation = Invitación
give-invitation-hint = Se une a su cuenta con su propio nombre, hasta que usted la quite.
give-whom = ¿Para quién?
give-how-long = ¿Por cuánto tiempo?
field-email = Correo electrónico
field-first-name = Nombre
field-last-name = Apellidos
field-locale = Idioma
field-locale-hint = De las páginas del invitado.
language-of-browser = El que pida su navegador
field-login = Nombre de usuario
field-login-hint = Si lo deja vacío, se forma a partir del nombre.
field-website = Sitio web
field-message = Mensaje
field-message-hint = La persona invitada lo lee con la invitación.
field-scope = ¿Qué puede hacer?
choose-permissions = Solo lo que yo elija
field-purpose = ¿Para qué es?
field-purpose-hint = Se le avisa si lo que permite es poco para ello.
no-purpose = Prefiero no decirlo
counted-from-now = Desde ahora
counted-from-first = Desde la primera vez que entre
otherwise = De otro modo
custom-date = Hasta una fecha
ending-never = Hasta que yo lo retire
field-until = Fecha y hora
in-zone = Zona horaria: { $zone }
more-options = Más opciones
field-uses = Cuántas veces se puede usar
field-uses-hint = Vacío: cualquier número de veces.
field-redirect = Adónde llega
field-redirect-hint = Una ruta de este sitio, como /posts/new.
by-mail = Enviarlo también por correo. Quien lea ese correo puede entrar.
field-note = Nota
field-note-hint = Solo la leen usted y otros propietarios.
what-happens = Decir qué pasará
choose-scope = Elija qué puede hacer.
choose-ending = Elija por cuánto tiempo.
bad-date = Indique una fecha y una hora.
bad-number = Es un número entero.
email-needed = Indique el correo electrónico del invitado.
lacking = Para este fin faltan: { $permissions }. Permita más, o continúe a sabiendas.
knowing-lacking = Lo sé, y lo quiero así.
backup-first = Esto da poder sobre todo el sitio, y no hay una copia de seguridad reciente. Haga una antes, o continúe a sabiendas.
knowing-backup = Lo sé, y lo quiero sin copia de seguridad.

## El resultado

made-link = El enlace está listo
made-password = El usuario y la contraseña están listos
made-invitation = La invitación está lista
made-link-anew = El nuevo enlace está listo
made-password-anew = La nueva contraseña está lista
made-invitation-anew = La nueva invitación está lista
shown-once = Esto se muestra una sola vez.
shown-once-hint = Cópielo ahora. Si se pierde, haga otro: el anterior deja de servir.
the-link = Enlace
sign-in-at = Iniciar sesión en
user-name = Usuario
password = Contraseña
copy = Copiar
copied = Copiado
as-picture = Mostrar como código QR
as-picture-label = Código QR del enlace
ready-message = Un mensaje para enviar
mailed-to = Se envió por correo a { $email }. También puede enviarlo usted.
not-mailed = No se pudo enviar el correo a { $email }. Envíe usted el mensaje de abajo.
to-the-grant = Ver este acceso
give-another = Dar acceso a otra persona
message-link =
    Hola:

    este es su acceso a { $site }:
    { $link }

    Ábralo y pulse «Entrar». Hasta entonces no pasa nada, y termina solo.
message-password =
    Hola:

    este es su acceso a { $site }:
    { $address }
    Usuario: { $login }
    Contraseña: { $password }

    Termina solo.
message-invitation =
    Hola:

    tiene una invitación a { $site }:
    { $link }

    Ábrala para aceptarla o rechazarla.

## Un acceso en detalle

timeline-made = Dado el { $date }
timeline-first = , usado por primera vez el { $date }
timeline-ends = , termina el { $date }
timeline-ended = , terminó el { $date }
timeline-no-end = , sin fin
facts = Qué se dio
comes-in-by = Entra con
may = Puede hacer
ends-label = Termina
ended-label = Terminó
might = Podía hacer
what-bounds = Qué limita el fin
used-label = Uso
given-by = Dado por
what-to-do = Qué puede hacer usted
longer-by = Alargar
other-end = Otro fin
field-new-end = Nuevo fin
move-end = Cambiar el fin
change-scope = Cambiar lo que puede hacer
manage-permissions = Gestionar permisos
manage-permissions-of = Gestionar los permisos de { $name }
suspend = Suspender
resume = Reanudar
reissue-link = Nuevo enlace
reissue-password = Nueva contraseña
reissue-invitation = Enviar de nuevo
revoke = Retirar
revoke-of = Retirar el acceso de { $name }
remove-access = Quitar acceso
remove-access-of = Quitar el acceso de { $name }
revoke-hint = { $name } queda fuera en el siguiente clic, para siempre. Lo que escribió se conserva.
revoke-now = Retirarlo ahora
who-is-in = Quién está dentro
since = Desde
end-it = Terminar
end-session = Terminar la sesión que empezó el { $date }
done-suspended = Suspendido. Nadie entra con él hasta que usted lo reanude.
done-resumed = Reanudado.
done-revoked = Retirado.
done-extended = Se cambió el fin.
done-changed = Se cambió lo que puede hacer. Vale desde su próximo clic.
done-session-ended = Se terminó la sesión.
retire = Eliminar el usuario de este invitado
retire-at = Se elimina solo el { $date }; lo que escribió se conserva.
retire-hint = El acceso termina y se elimina el usuario creado para él. No se puede deshacer.
retire-content = ¿Qué pasa con lo que escribió?
retire-keep = Se queda, con un autor que no puede iniciar sesión
retire-hand-over = Desde entonces es de otra persona
retire-heir = Correo electrónico del nuevo autor
retire-confirm = Estoy seguro: eliminar el usuario
retire-now = Eliminar el usuario
retire-choose = No se hizo nada. Elija qué pasa con lo que escribió.
retire-unconfirmed = No se hizo nada. Confirme que se debe eliminar el usuario.
done-retired = Se eliminó el usuario.
limit-state = El estado en que está
limit-window = Lo que se pidió
limit-first-use = Cuenta desde el primer uso
limit-use-within = Hasta cuándo debe usarse por primera vez
limit-longest-window = Lo máximo que permiten las normas del sitio
limit-plugin = Una extensión
limit-grantor = Quien dio el acceso
limit-session-length = Cuánto dura una sesión según las normas
limit-session-idle = Cuánto puede descansar una sesión según las normas

## Entrar

you-are-invited = Tiene una invitación
invites-you = { $name } le invita a { $site }
for-whom = Para
you-may = Acceso
until-label = Hasta
uses-label = Se puede usar
uses-left = { $count ->
    [one] una vez más
   *[other] { $count } veces más
}
enter = Entrar
nothing-until = No pasa nada hasta que pulse el botón.
signed-in-as-leaves = Ha iniciado sesión como { $name }. Esa sesión termina cuando entre.
looking = Un momento…
link-cut-off = Falta la parte secreta del enlace. Copie el enlace entero, hasta el último carácter.
no-answer = El sitio no responde. Abra el enlace de nuevo.
needs-script = Este enlace funciona con JavaScript: su secreto nunca sale solo de su navegador.
accept-by = Aceptar hasta
accept = Aceptar
accept-as = Aceptar como { $name }
not-you = ¿No es usted? Cierre la sesión y abra la invitación de nuevo.
have-account = Ya tiene una cuenta aquí. Dé su contraseña para aceptar.
sign-in-and-accept = Iniciar sesión y aceptar
new-here = Es nuevo aquí. Elija una contraseña para iniciar sesión de ahora en adelante.
new-password = { $count ->
    [one] Nueva contraseña, al menos 1 carácter
   *[other] Nueva contraseña, al menos { $count } caracteres
}
password-too-short = { $count ->
    [one] Una contraseña tiene al menos 1 carácter. Abra la invitación de nuevo y elija una más larga.
   *[other] Una contraseña tiene al menos { $count } caracteres. Abra la invitación de nuevo y elija una más larga.
}
wrong-password = La contraseña no es correcta. Abra la invitación de nuevo y dé la que usa para iniciar sesión aquí.
decline = Rechazar
declined = Rechazada
declined-hint = Ha rechazado la invitación. No ha cambiado nada para usted.
sign-out-then-open = Cierre la sesión y abra la invitación de nuevo.

## Cuentas

accounts-hint = Su propia cuenta, y aquellas a las que otros le han invitado.
own-account = Su propia cuenta
you-are-here = Está aquí
switch = Cambiar
switch-to = Cambiar a la cuenta de { $name }
not-open = Ahora no está abierta

## Invitaciones y equipo

no-invitations = Ninguna invitación espera respuesta.
invite-somebody = Invitar a alguien
resend = Enviar de nuevo
resend-to = Enviar de nuevo la invitación de { $name }
resend-hint = Enviarla de nuevo crea otro enlace; el anterior deja de funcionar.
team-hint = Quién puede actuar en su cuenta, hasta que usted lo quite.
nobody-in-team = Nadie más puede actuar en su cuenta.

## Historial

history-sure = ¿Está intacto?
history-sure-hint = Cada registro guarda la huella del anterior, así que nada puede cambiarse sin que se note.
verify = Verificar
verified-whole = { $count ->
    [one] Se leyó 1 registro. No se ha cambiado nada.
   *[other] Se leyeron { $count } registros. No se ha cambiado nada.
}
verified-part = { $count ->
    [one] Se leyó el primer registro. No se ha cambiado nada. Hay más de lo que una página puede verificar.
   *[other] Se leyeron los primeros { $count } registros. No se ha cambiado nada. Hay más de lo que una página puede verificar.
}
verified-faults = { $count ->
    [one] 1 cosa no está como se escribió:
   *[other] { $count } cosas no están como se escribieron:
}
history-keep = Guarde un punto de control
history-keep-hint = { $count ->
    [one] Fija 1 registro. Guárdelo donde no llegue nadie que pueda cambiar este sitio.
   *[other] Fija { $count } registros. Guárdelo donde no llegue nadie que pueda cambiar este sitio.
}
take-checkpoint = Descargar el punto de control
export = Exportar
older = Anteriores
the-engine = por sí solo
action-created = Acceso dado
action-provisioning = Creando usuario
action-redeemed = Entró con el enlace
action-suspended = Suspendido
action-resumed = Reanudado
action-extended = Fin cambiado
action-reissued = Hecho de nuevo
action-revoked = Retirado
action-expired = Caducado
action-repaired = Corregido
action-signed-out = Sesión terminada
action-policy-changed = Normas cambiadas
action-locked-out = Bloqueado
action-lock-lifted = Bloqueo levantado
action-accepted = Invitación aceptada
action-declined = Invitación rechazada
action-scope-changed = Permisos cambiados
action-switched = Cambió a la cuenta
action-returned = Volvió a su propia cuenta
action-deactivated = Todo el acceso de invitados apagado
action-activated = Acceso de invitados encendido
action-provisioned = Usuario creado
action-abandoned = Nunca se preparó
action-signed-in = Inició sesión
action-retiring = Decidido eliminar el usuario
action-retired = Usuario eliminado
action-widening-refused = Una extensión habría ampliado el acceso

## Bloqueos

lockouts-hint = Quien prueba enlaces que no abren nada queda bloqueado un tiempo.
no-lockouts = Nadie está bloqueado.
lockout-address = Dirección { $address }
lockout-grant = El enlace de { $grant }
lockout-site = Todo el sitio
tries = { $count ->
    [one] 1 intento
   *[other] { $count } intentos
}
locked-until = bloqueado hasta
lift = Levantar
lift-of = Levantar: { $what }

## Normas

policy-hint = Lo que este sitio permite, dé quien dé el acceso.
policy-saved = Guardado.
policy-what = Qué se puede dar
policy-kinds = Formas de entrar
choose-kind = Permita al menos una forma.
policy-roles = Roles
policy-roles-hint = Ningún invitado recibe más de lo que tiene uno de estos roles.
policy-limit-roles = Solo los roles de abajo
policy-ceiling = Techo
policy-ceiling-hint = Ningún invitado recibe nunca más que esto. Vale para los accesos existentes desde el siguiente clic.
policy-limit-ceiling = Solo los permisos de abajo
policy-how-long = Por cuánto tiempo
policy-longest = Acceso más largo
policy-longest-hint = Desde que se abre hasta el fin, o desde el primer uso.
policy-endless = Las invitaciones pueden no tener fin
policy-endless-hint = Por larga que sea la duración máxima. Si no, toda invitación necesita un fin.
policy-default-ending = Duración habitual
as-it-is = Como está
policy-most-uses = Cuántas veces se puede usar un enlace como máximo
policy-most-uses-hint = Vacío: cualquier número de veces.
policy-session-length = Las sesiones duran
policy-session-length-hint = Después el invitado entra de nuevo, mientras dure el acceso.
policy-session-idle = Las sesiones pueden descansar
policy-session-idle-hint = Una sesión a la que no se pidió nada en ese tiempo ha terminado.
no-limit = Sin límite
policy-grantor-gone = Cuando quien dio el acceso ya no está
policy-grantor-gone-hint = Vale también para los accesos existentes.
policy-withhold = No da nada mientras no esté
policy-end = Termina
policy-retire = Los usuarios de invitados se eliminan después de
policy-retire-hint = Contado desde que terminó el acceso. Lo que escribieron se conserva.
policy-retire-never = Nunca por sí solos
policy-who = A quién se puede dar acceso
policy-allowed = Solo estos dominios
policy-allowed-hint = Uno por línea, como example.org o *.example.org. Vacío: cualquiera.
policy-forbidden = Nunca estos dominios
policy-forbidden-hint = Uno por línea.
policy-redirect = Adónde llegan los invitados
policy-redirect-hint = Una ruta de este sitio. Vacío: su primera página.
policy-backup = Primero una copia de seguridad
policy-backup-age = La copia no debe tener más de
policy-backup-hint = El acceso poderoso se da solo con una copia reciente, o a sabiendas.
policy-no-backup = No hace falta copia
policy-backup-for = Hace falta para
policy-lockouts = Bloqueos
policy-within = Los intentos cuentan durante
policy-within-hint = Tantos enlaces que no abren nada, probados en ese tiempo, bloquean a quien prueba.
policy-address = Intentos desde una dirección
policy-grant = Intentos para un enlace
policy-site = Intentos en todo el sitio
policy-lock = Bloqueado durante

## Cuando el motor dice que no

refusal-bad-site = El nombre del sitio no es válido.
refusal-unknown-site = Este sitio no existe.
refusal-bad-user = Eso no puede ser un usuario.
refusal-bad-email = Esto no es un correo electrónico. Uno es como nombre@example.com, sin caracteres invisibles.
refusal-bad-name = Un nombre tiene como máximo 100 caracteres, todos visibles, y ninguno que cambie el sentido de la escritura.
refusal-bad-locale = Esto no es un idioma. Uno es como fr o pt-BR.
refusal-bad-login = El nombre de usuario es demasiado largo o contiene lo que no puede.
refusal-bad-website = El sitio web empieza por http:// o https:// y tiene como máximo 200 caracteres.
refusal-bad-note = La nota tiene como máximo 1000 caracteres.
refusal-bad-redirect = La ruta debe quedarse en este sitio y empezar por una sola /.
refusal-bad-uses = El número de usos es 1 o más; una invitación se acepta una vez.
refusal-bad-period = Esto no es una duración.
refusal-bad-page = Esta página de la lista no existe.
refusal-unknown-kind = No existe esa forma de entrar.
refusal-unknown-role = Este sitio no tiene ese rol.
refusal-unknown-permission = Este sitio no tiene ese permiso.
refusal-permission-reserved = Ningún invitado puede tener ese permiso.
refusal-beyond-ceiling = Eso está por encima de lo que el sitio permite a los invitados.
refusal-beyond-own-power = Usted mismo no tiene ese permiso.
refusal-scope-too-long = Son más permisos de los que se pueden guardar.
refusal-empty-scope = Con eso no podría hacer nada. Permita algo más.
refusal-window-in-the-past = Eso ya habría terminado. Elija un fin posterior.
refusal-window-too-long = Es más tiempo del que permite el sitio.
refusal-opens-too-late = Se abriría demasiado tarde.
refusal-too-many-uses = Son más usos de los que permite el sitio.
refusal-role-not-allowed = Eso es más de lo que tienen los roles que el sitio permite a los invitados.
refusal-domain-not-allowed = El sitio no da acceso a correos de este dominio.
refusal-bad-domain = Uno de los dominios no lo es. Uno es como example.org o *.example.org.
refusal-kind-not-allowed = El sitio no permite esta forma de entrar.
refusal-out-of-range = Este valor está fuera de lo permitido.
refusal-unknown-purpose = Este sitio no conoce ese fin.
refusal-role-lacks-permission = Lo que permite es poco para este fin.
refusal-unknown-override = No hay nada así que se pueda hacer a sabiendas.
refusal-backup-too-old = Esto necesita una copia de seguridad reciente, y no hay ninguna.
refusal-link-must-end = Un acceso con enlace o contraseña debe terminar. Elija un fin.
refusal-window-at-ceiling = Ya dura lo máximo que permite el sitio.
refusal-email-in-use = Este correo es de un usuario del sitio que no es invitado.
refusal-guest-has-access = Un invitado con este correo ya tiene acceso.
refusal-unknown-actor = No es usuario de este sitio.
refusal-guest-may-not-grant = Los invitados no pueden dar ni cambiar accesos. Si está en la cuenta de otra persona, vuelva primero a la suya.
refusal-may-not-grant = No puede dar acceso en este sitio. Pídaselo a un propietario.
refusal-owners-only = Solo un propietario del sitio puede hacerlo.
refusal-unknown-grant = Ese acceso no existe, o no es suyo.
refusal-grant-ended = Este acceso ha terminado. Si todavía lo necesita, pregunte a quien se lo dio.
refusal-grant-suspended = Este acceso está suspendido por ahora. Pregunte a quien se lo dio.
refusal-already-suspended = Ya está suspendido.
refusal-not-suspended = No está suspendido.
refusal-wrong-state = Eso no se puede hacer en el estado en que está.
refusal-vetoed = Una extensión de este sitio ha dicho que no.
refusal-hook-failed = Una extensión de este sitio falló, y eso cuenta como un no.
refusal-link-not-valid = Este enlace no abre nada. Copie el enlace entero, o pida uno nuevo a quien le invitó.
refusal-link-not-open-yet = Este acceso aún no se ha abierto. Vuelva más tarde.
refusal-link-used-up = Este acceso ya se usó tantas veces como se podía. Pida uno nuevo a quien se lo dio.
refusal-locked-out = Se probaron demasiados enlaces que no abren nada. Espere un rato y vuelva a intentarlo.
refusal-unknown-lockout = Ahí no se cuenta nada.
refusal-not-a-guest = No es invitado: inicie sesión como siempre.
refusal-no-password-guest = Este invitado no tiene contraseña.
refusal-user-rejected = El sitio no quiso crear este usuario. Quizá el nombre ya está ocupado.
refusal-user-gone = El sitio le ha quitado como usuario. Pregunte a quien le invitó.
refusal-session-unknown = No ha iniciado sesión, o ya no. Abra su enlace de nuevo o inicie sesión.
refusal-session-superseded = El enlace o la contraseña con que entró fue sustituido. Use el más nuevo.
refusal-session-ended = Esta sesión ha terminado. Abra su enlace de nuevo o inicie sesión.
refusal-deactivated = En este momento el sitio no deja entrar a invitados.
refusal-not-deactivated = Solo se puede desinstalar un sitio desactivado.
refusal-unknown-heir = No hay nadie que reciba el contenido.
refusal-unknown-state = No existe ese estado.
refusal-contended = Otros estaban cambiando lo mismo. Inténtelo otra vez.
refusal-store-unavailable = Los datos del sitio no están disponibles ahora.
refusal-directory-unavailable = Los usuarios del sitio no están disponibles ahora.
refusal-record-damaged = Un registro guardado está dañado.
refusal-record-too-new = Un registro guardado es de una versión más nueva.
refusal-bad-catalogue = La lista de permisos del sitio no se puede usar.
refusal-bad-message = El mensaje tiene como máximo 1000 caracteres.
refusal-self-invitation = No puede invitarse a sí mismo.
refusal-owner-invited = Esta persona es propietaria del sitio y ya puede todo.
refusal-wrong-user = Esta invitación es para otra dirección de correo.
refusal-sign-in-first = Ya hay un usuario con el correo invitado: inicie sesión con él para aceptar.
refusal-already-accepted = Esta invitación ya fue aceptada.
refusal-bad-checkpoint = Esto no es un punto de control de este sitio.
refusal-bad-proof = Esto no prueba lo que debería.
refusal-unknown-record = El historial no tiene ese registro.
refusal-user-held = El usuario tiene otro acceso, que debe terminar antes.

## Extensiones

plugins-hint = Extensiones que vigilan el acceso a este sitio. Pueden decir que no, quitar permisos y reaccionar; ninguna puede dar más a nadie.
no-plugins = No hay ninguna extensión instalada.
plugin-upload = Instalar una extensión
plugin-upload-hint = Un archivo que termina en .gpx. No hace nada antes de que usted apruebe lo que pide. Una versión más reciente ocupa el lugar de la que hay.
plugin-file = Archivo de la extensión
plugin-install = Instalar
plugin-no-file = Elija primero un archivo.
plugin-too-large = Este archivo es mayor de lo que admite el sitio.
plugin-unapproved = Espera aprobación
plugin-waits = La versión { $version } espera su aprobación
plugin-version = Versión { $version }
plugin-failures = { $count ->
    [one] Ha fallado una vez desde su última llamada correcta
   *[other] Ha fallado { $count } veces desde su última llamada correcta
}
plugin-asks = Lo que pide
plugin-asks-hint = Recibe esto si usted lo aprueba, y nada más.
plugin-new-hint = Pide más de lo que usted aprobó. Mientras no lo apruebe, sigue la versión anterior. Lo nuevo es:
plugin-new-nothing = No pide nada que usted no haya aprobado ya. Mientras no la apruebe, sigue la versión anterior.
plugin-approve = Aprobar
plugin-approve-version = Aprobar la versión { $version }
plugin-approve-first = Para activarla, apruebe primero lo que pide.
plugin-activate = Activar
plugin-deactivate = Desactivar
plugin-roll-back = Volver a la versión { $version }
plugin-facts = Sobre ella
plugin-off-hint = Hasta que usted la active o desactive, se rechaza lo que ella decidiría.
plugin-approved-by = Aprobado por { $name }
plugin-made-by = Hecha por
plugin-signed = Firmada: nadie más puede hacer una versión más reciente.
plugin-unsigned = Sin firmar: cualquiera puede hacer una versión más reciente.
plugin-failed = Fallos
plugin-http = Enviar lo que sabe a { $host }
plugin-http-host = Enviar lo que sabe a { $host }, según la dirección de su ajuste «{ $setting }»
plugin-http-setting = Enviar lo que sabe a la dirección de su ajuste «{ $setting }»
plugin-hears = Enterarse de: { $what }
plugin-settings = Ajustes
plugin-setting-lines = Uno por línea.
plugin-setting-default = Por lo general: { $value }
plugin-told = Por comunicarle
plugin-parked = abandonado
plugin-due = se le comunicará
plugin-replay = Comunicárselo otra vez
plugin-uninstall = Desinstalar
plugin-uninstall-hint = Ya no se la llama, y sus ajustes se pierden.
plugin-keep-data = Conservar lo que ha memorizado, por si se vuelve a instalar
plugin-delete-data = Borrar lo que ha memorizado
plugin-uninstall-now = Desinstalarla ahora
plugin-state-active = Activa
plugin-state-inactive = Inactiva
plugin-state-switched-off = Desconectada
plugin-done-installed = Instalada. Todavía no hace nada.
plugin-done-upgraded = La versión más reciente ya está en uso.
plugin-done-approved = Aprobado.
plugin-done-active = Activada. Se la llama desde ahora.
plugin-done-inactive = Desactivada. Ya no se la llama.
plugin-done-set = Guardado
plugin-done-rolled-back = Vuelve a estar la versión anterior.
plugin-done-replayed = Ahora se le comunica otra vez.
plugin-done-uninstalled = Desinstalada.
plugin-said-unknown-plugin = No existe esa extensión.
plugin-said-bad-package = Esto no es una extensión. Las extensiones son archivos que terminan en .gpx.
plugin-said-incomplete-package = Esta extensión no está completa: le falta una parte.
plugin-said-bad-signature = La firma es incorrecta: quizá alguien ha cambiado este archivo. Pídalo otra vez a su autor.
plugin-said-other-key = Esta versión no está firmada por quien firmó la instalada; puede ser de otra persona.
plugin-said-not-newer = Esta versión no es más reciente que la instalada.
plugin-said-not-approved = Apruebe primero lo que pide.
plugin-said-other-version = Lo que espera ahora no es lo que usted vio. Mírela de nuevo antes de aprobarla.
plugin-said-changed-meanwhile = Otra persona la ha cambiado en el mismo momento. Mírela e inténtelo otra vez.
plugin-said-no-previous-version = No hay una versión anterior a la que volver.
plugin-said-bad-setting = Este no es el tipo de valor que corresponde aquí.
capability-log = Escribir en el registro del sitio
capability-keyvalue = Memorizar cosas propias
capability-clock = Saber la hora
capability-requests-revoke = Retirar accesos, en nombre de usted
capability-requests-suspend = Suspender accesos, en nombre de usted
capability-event-all = Enterarse de todo lo que pasa
capability-event-tick = Enterarse de que empieza una hora
capability-event-refused = Enterarse de lo que rechazan las extensiones
capability-hook-grant-filter = Rechazar que se dé o se cambie un acceso, dar menos, o llevar al invitado a otra página del sitio
capability-hook-entry-filter = Rechazar que alguien entre
capability-hook-permission-filter = Retener permisos, en cada clic de un invitado
capability-hook-action = Actuar después de que ha pasado algo
note-installed = Instalada
note-approved = Aprobada
note-activated = Activada
note-deactivated = Desactivada
note-upgraded = Actualizada
note-rolled-back = Volvió atrás
note-fault = Falló
note-switched-off = Desconectada
note-parked = Se dejó de comunicar
note-replayed = Comunicado otra vez
note-requested = Pidió
