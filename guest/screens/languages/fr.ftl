language-name = Français
language-direction = ltr
language-plurals = zero-and-one

## Autour de chaque page

skip-to-content = Aller au contenu
sign-in = Se connecter
sign-out = Se déconnecter
nav-label = Accès des invités
nav-overview = Vue d’ensemble
nav-access = Accès
nav-give = Donner accès
nav-invitations = Invitations
nav-team = Équipe
nav-history = Historique
nav-policy = Règles
nav-lock-outs = Blocages
nav-plugins = Extensions
nav-accounts = Comptes
until = jusqu’au
banner-guest = Vous êtes ici en tant qu’invité de { $grantor }
banner-switched = Vous agissez dans le compte de { $grantor }
return-to-own = Revenir à votre compte
somebody-who-left = quelqu’un qui est parti
to-the-site = Vers le site
next-page = Suite
details = Détails
save = Enregistrer

## Quand quelque chose ne va pas

not-allowed = Non autorisé
not-found = Introuvable
it-is-over = C’est terminé
access-is-over = L’accès est terminé
did-not-work = Cela n’a pas marché
no-such-page = Cette page n’existe pas.
not-right-now = Le site ne peut pas le faire pour le moment. Si vous étiez en train de modifier quelque chose, vérifiez si c’est fait avant de réessayer.
bad-form = Le formulaire n’est pas arrivé tel que cette page l’envoie. Rouvrez la page et envoyez-le de là.
stale-form = Ce formulaire appartient à une autre session. Rouvrez la page et envoyez-le de là.
stale-form-kept = Vous vous êtes reconnecté depuis l’ouverture de ce formulaire. Rien n’est perdu : relisez-le et renvoyez-le.
foreign-form = Un autre site web a envoyé ce formulaire. Ouvrez la page ici et réessayez.
look-below = Il manque quelque chose, ou quelque chose n’est pas correct. C’est indiqué près des champs.
return-or-sign-out-first = Vous êtes dans le compte de quelqu’un d’autre. Revenez au vôtre ou déconnectez-vous, puis rouvrez l’invitation.

## Temps

months = janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre
date = { $day } { $month } { $year }
date-and-time = { $date } à { $time }
now = maintenant
in-minutes = { $count ->
    [one] dans { $count } minute
   *[other] dans { $count } minutes
}
in-hours = { $count ->
    [one] dans { $count } heure
   *[other] dans { $count } heures
}
in-days = { $count ->
    [one] dans { $count } jour
   *[other] dans { $count } jours
}
in-months = { $count ->
    [one] dans { $count } mois
   *[other] dans { $count } mois
}
in-years = { $count ->
    [one] dans { $count } an
   *[other] dans { $count } ans
}
minutes-ago = { $count ->
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
}
hours-ago = { $count ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
}
days-ago = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}
months-ago = { $count ->
    [one] il y a { $count } mois
   *[other] il y a { $count } mois
}
years-ago = { $count ->
    [one] il y a { $count } an
   *[other] il y a { $count } ans
}
years = { $count ->
    [one] { $count } an
   *[other] { $count } ans
}
months-long = { $count ->
    [one] { $count } mois
   *[other] { $count } mois
}
weeks = { $count ->
    [one] { $count } semaine
   *[other] { $count } semaines
}
days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
seconds = { $count ->
    [one] { $count } seconde
   *[other] { $count } secondes
}
for-length = pendant { $length }
after-first-use = jusqu’à { $length } après la première entrée
until-date = jusqu’au { $date }
until-taken-back = jusqu’à ce que vous le repreniez

## Un accès

all-permissions = Tout
all-permissions-hint = Tout ce que vous pouvez vous-même, sauf gérer les utilisateurs et les accès.
some-permissions = Permissions choisies
chosen-permissions = { $count ->
    [one] { $count } permission choisie
   *[other] { $count } permissions choisies
}
and-more = { $count ->
    [one] et { $count } de plus
   *[other] et { $count } de plus
}
but-less = { $count ->
    [one] sans { $count }
   *[other] sans { $count }
}
permissions-count = { $count ->
    [one] { $count } permission
   *[other] { $count } permissions
}
kind-link = Lien
kind-password = Nom d’utilisateur et mot de passe
kind-invitation = Invitation
state-provisioning = En préparation
state-ready = Pas encore utilisé
state-active = Actif
state-suspended = Suspendu
state-ended = Terminé
state-retired = Terminé, utilisateur supprimé
because-expired = Expiré
because-revoked = Repris
because-declined = Décliné
because-grantor-gone = Terminé : le donneur est parti
because-abandoned = Jamais préparé
bound-first-use = compté à partir du premier usage
bound-use-within = s’il n’est pas utilisé avant
bound-longest-window = le maximum que permet le site
bound-plugin = comme le veut une extension
opens = s’ouvre
ends = se termine
no-end = Sans fin
last-seen = vu
used-times = { $count ->
    [one] utilisé { $count } fois
   *[other] utilisé { $count } fois
}
used-of = { $count ->
    [one] utilisé { $count } fois sur { $allowed }
   *[other] utilisé { $count } fois sur { $allowed }
}
withheld-reserved = aucun invité ne peut gérer les utilisateurs ni les accès
withheld-grantor = qui a donné l’accès ne l’a pas
withheld-ceiling = au-dessus de ce que le site permet aux invités
withheld-plugin = une extension la retient
withheld-count = { $count ->
    [one] { $count } permission est retenue
   *[other] { $count } permissions sont retenues
}
sentence-role = { $name } peut faire tout ce que peut le rôle { $role }, sauf gérer les utilisateurs et les accès, { $ending }.
sentence-all = { $name } peut faire tout ce que vous pouvez, sauf gérer les utilisateurs et les accès, { $ending }.
sentence-chosen = { $count ->
    [one] { $name } peut faire { $count } chose choisie, { $ending }.
   *[other] { $name } peut faire { $count } choses choisies, { $ending }.
}
sentence-not-yet = Choisissez quoi permettre et pour combien de temps ; ici est dit ce qui se passera.
the-guest = L’invité

## Vue d’ensemble

front-title = Qui peut entrer en ce moment
nobody-can-get-in = Personne d’autre que les utilisateurs du site ne peut entrer.
site-deactivated = L’accès des invités à ce site est désactivé : seuls ses propres utilisateurs peuvent entrer jusqu’à ce qu’il soit réactivé. Ce qui a été donné est conservé.
front-hint = Donnez accès à un technicien, un comptable ou un développeur le temps du travail. Cela se termine tout seul, au clic suivant.
see-all = Tout voir
ends-soon = Se terminent bientôt
nothing-ends = Rien ne se termine bientôt.
lately = Dernièrement
chart-label = { $count ->
    [one] { $count } événement ces 14 derniers jours
   *[other] { $count } événements ces 14 derniers jours
}

## Accès

filter-email = Adresse e-mail
filter-state = État
filter-kind = Sorte
filter-action = Ce qui s’est passé
filter-button = Afficher
any-state = Tous
any-kind = Toutes
any-action = Tout
pick = Choisir { $name }
damaged-grants = Ces enregistrements sont illisibles et ne donnent donc aucun accès :
nothing-found = Rien trouvé.
nobody-yet = Vous n’avez encore donné accès à personne.
show-all = Tout afficher
revoke-picked = Reprendre ceux choisis
revoked-count = { $count ->
    [one] L’accès de { $count } invité a été repris.
   *[other] L’accès de { $count } invités a été repris.
}

## Donner accès

give-how = Comment l’invité entre-t-il ?
give-link = Lien
give-link-hint = Un lien à envoyer. Pas de mot de passe, pas de compte à supprimer.
give-password = Nom d’utilisateur et mot de passe
give-password-hint = Pour qui veut se connecter comme partout.
give-invitation = Invitation
give-invitation-hint = La personne rejoint votre compte sous son nom, jusqu’à ce que vous l’en retiriez.
give-whom = Pour qui ?
give-how-long = Pour combien de temps ?
field-email = Adresse e-mail
field-first-name = Prénom
field-last-name = Nom
field-locale = Langue
field-locale-hint = Des pages de l’invité.
language-of-browser = Celle que demande son navigateur
field-login = Nom d’utilisateur
field-login-hint = Laissé vide, il est formé à partir du nom.
field-website = Site web
field-message = Message
field-message-hint = La personne invitée le lit avec l’invitation.
field-scope = Que peut-elle faire ?
choose-permissions = Seulement ce que je choisis
field-purpose = Pour quoi faire ?
field-purpose-hint = Vous êtes prévenu si ce que vous permettez n’y suffit pas.
no-purpose = Je préfère ne pas le dire
counted-from-now = À partir de maintenant
counted-from-first = À partir de la première entrée
otherwise = Autrement
custom-date = Jusqu’à une date
ending-never = Jusqu’à ce que je le reprenne
field-until = Date et heure
in-zone = Fuseau horaire : { $zone }
more-options = Plus d’options
field-uses = Combien de fois il peut servir
field-uses-hint = Vide : autant de fois qu’on veut.
field-redirect = Où l’on arrive
field-redirect-hint = Un chemin de ce site, comme /posts/new.
by-mail = L’envoyer aussi par e-mail. Qui lit cet e-mail peut entrer.
field-note = Note
field-note-hint = Seuls vous et les autres propriétaires la lisez.
what-happens = Dire ce qui se passera
choose-scope = Choisissez ce qu’on peut faire.
choose-ending = Choisissez pour combien de temps.
bad-date = Indiquez une date et une heure.
bad-number = C’est un nombre entier.
email-needed = Indiquez l’adresse e-mail de l’invité.
lacking = Il manque pour cela : { $permissions }. Permettez plus, ou continuez en connaissance de cause.
knowing-lacking = Je le sais, et je le veux quand même.
backup-first = Cela donne pouvoir sur tout le site, et il n’y a pas de sauvegarde récente. Faites-en une d’abord, ou continuez en connaissance de cause.
knowing-backup = Je le sais, et je le veux sans sauvegarde.

## Le résultat

made-link = Le lien est prêt
made-password = Le nom d’utilisateur et le mot de passe sont prêts
made-invitation = L’invitation est prête
made-link-anew = Le nouveau lien est prêt
made-password-anew = Le nouveau mot de passe est prêt
made-invitation-anew = La nouvelle invitation est prête
shown-once = Ceci n’est montré qu’une fois.
shown-once-hint = Copiez-le maintenant. S’il se perd, refaites-en un : l’ancien ne vaudra plus rien.
the-link = Lien
sign-in-at = Se connecter à
user-name = Nom d’utilisateur
password = Mot de passe
copy = Copier
copied = Copié
as-picture = Montrer en code QR
as-picture-label = Code QR du lien
ready-message = Un message à envoyer
mailed-to = Un e-mail a été envoyé à { $email }. Vous pouvez aussi l’envoyer vous-même.
not-mailed = L’e-mail à { $email } n’a pas pu partir. Envoyez vous-même le message ci-dessous.
to-the-grant = Voir cet accès
give-another = Donner accès à quelqu’un d’autre
message-link =
    Bonjour,

    voici votre accès à { $site } :
    { $link }

    Ouvrez-le et appuyez sur « Entrer ». Rien ne se passe avant, et il se termine tout seul.
message-password =
    Bonjour,

    voici votre accès à { $site } :
    { $address }
    Nom d’utilisateur : { $login }
    Mot de passe : { $password }

    Il se termine tout seul.
message-invitation =
    Bonjour,

    vous êtes invité à { $site } :
    { $link }

    Ouvrez-la pour l’accepter ou la décliner.

## Un accès en détail

timeline-made = Donné le { $date }
timeline-first = , utilisé pour la première fois le { $date }
timeline-ends = , se termine le { $date }
timeline-ended = , terminé le { $date }
timeline-no-end = , sans fin
facts = Ce qui a été donné
comes-in-by = Entre par
may = Peut faire
ends-label = Fin
ended-label = Terminé
might = Pouvait faire
what-bounds = Ce qui borne la fin
used-label = Usage
given-by = Donné par
what-to-do = Ce que vous pouvez faire
longer-by = Prolonger de
other-end = Une autre fin
field-new-end = Nouvelle fin
move-end = Déplacer la fin
change-scope = Changer ce qu’on peut faire
manage-permissions = Gérer les permissions
manage-permissions-of = Gérer les permissions de { $name }
suspend = Suspendre
resume = Reprendre le cours
reissue-link = Nouveau lien
reissue-password = Nouveau mot de passe
reissue-invitation = Renvoyer
revoke = Reprendre
revoke-of = Reprendre l’accès de { $name }
remove-access = Retirer l’accès
remove-access-of = Retirer l’accès de { $name }
revoke-hint = { $name } est dehors au clic suivant, définitivement. Ce qui a été écrit reste.
revoke-now = Reprendre maintenant
who-is-in = Qui est là
since = Depuis
end-it = Terminer
end-session = Terminer la session commencée le { $date }
done-suspended = Suspendu. Personne n’entre avec, jusqu’à ce que vous le laissiez reprendre.
done-resumed = L’accès a repris.
done-revoked = L’accès a été repris.
done-extended = La fin a été déplacée.
done-changed = Ce qu’on peut faire a été changé. Cela vaut dès le prochain clic.
done-session-ended = La session a été terminée.
retire = Supprimer l’utilisateur de cet invité
retire-at = Il est supprimé tout seul le { $date } ; ce qu’il a écrit est gardé.
retire-hint = L’accès se termine et l’utilisateur créé pour lui est supprimé. C’est irréversible.
retire-content = Que devient ce qu’il a écrit ?
retire-keep = Cela reste, sous un auteur qui ne peut pas se connecter
retire-hand-over = Cela appartient désormais à quelqu’un d’autre
retire-heir = Adresse e-mail du nouvel auteur
retire-confirm = J’en suis sûr : supprimer l’utilisateur
retire-now = Supprimer l’utilisateur
retire-choose = Rien n’a été fait. Choisissez ce que devient ce qu’il a écrit.
retire-unconfirmed = Rien n’a été fait. Confirmez que l’utilisateur doit être supprimé.
done-retired = L’utilisateur a été supprimé.
limit-state = L’état où il est
limit-window = Ce qui a été demandé
limit-first-use = Compte à partir du premier usage
limit-use-within = Jusqu’à quand il doit servir une première fois
limit-longest-window = Le maximum que permettent les règles du site
limit-plugin = Une extension
limit-grantor = Qui a donné l’accès
limit-session-length = Combien dure une session selon les règles
limit-session-idle = Combien peut reposer une session selon les règles

## Entrer

you-are-invited = Vous êtes invité
invites-you = { $name } vous invite sur { $site }
for-whom = Pour
you-may = Accès
until-label = Jusqu’au
uses-label = Peut servir
uses-left = { $count ->
    [one] encore { $count } fois
   *[other] encore { $count } fois
}
enter = Entrer
nothing-until = Rien ne se passe avant que vous appuyiez sur le bouton.
signed-in-as-leaves = Vous êtes connecté en tant que { $name }. Cette session se termine quand vous entrez.
looking = Un instant…
link-cut-off = La partie secrète du lien manque. Copiez le lien en entier, jusqu’au dernier caractère.
no-answer = Le site ne répond pas. Rouvrez le lien.
needs-script = Ce lien fonctionne avec JavaScript : son secret ne quitte jamais votre navigateur tout seul.
accept-by = À accepter avant
accept = Accepter
accept-as = Accepter en tant que { $name }
not-you = Ce n’est pas vous ? Déconnectez-vous, puis rouvrez l’invitation.
have-account = Vous avez déjà un compte ici. Donnez son mot de passe pour accepter.
sign-in-and-accept = Se connecter et accepter
new-here = Vous êtes nouveau ici. Choisissez un mot de passe pour vous connecter désormais.
new-password = { $count ->
    [one] Nouveau mot de passe, au moins { $count } caractère
   *[other] Nouveau mot de passe, au moins { $count } caractères
}
password-too-short = { $count ->
    [one] Un mot de passe a au moins { $count } caractère. Rouvrez l’invitation et choisissez-en un plus long.
   *[other] Un mot de passe a au moins { $count } caractères. Rouvrez l’invitation et choisissez-en un plus long.
}
wrong-password = Le mot de passe n’est pas le bon. Rouvrez l’invitation et donnez celui par lequel vous vous connectez ici.
decline = Décliner
declined = Déclinée
declined-hint = Vous avez décliné l’invitation. Rien n’a changé pour vous.
sign-out-then-open = Déconnectez-vous, puis rouvrez l’invitation.

## Comptes

accounts-hint = Votre propre compte, et ceux auxquels d’autres vous ont invité.
own-account = Votre propre compte
you-are-here = Vous êtes ici
switch = Changer
switch-to = Passer au compte de { $name }
not-open = Pas ouvert pour le moment

## Invitations et équipe

no-invitations = Aucune invitation n’attend de réponse.
invite-somebody = Inviter quelqu’un
resend = Renvoyer
resend-to = Renvoyer l’invitation de { $name }
resend-hint = Renvoyer fait un nouveau lien ; le précédent cesse de fonctionner.
team-hint = Qui peut agir dans votre compte, jusqu’à ce que vous l’en retiriez.
nobody-in-team = Personne d’autre ne peut agir dans votre compte.

## Historique

history-sure = Est-il intact ?
history-sure-hint = Chaque enregistrement porte l’empreinte du précédent : rien ne peut changer sans que cela se voie.
verify = Vérifier
verified-whole = { $count ->
    [one] { $count } enregistrement lu. Rien n’a été changé.
   *[other] { $count } enregistrements lus. Rien n’a été changé.
}
verified-part = { $count ->
    [one] Le premier enregistrement a été lu. Rien n’a été changé. Il y en a plus qu’une page ne peut vérifier.
   *[other] Les { $count } premiers enregistrements ont été lus. Rien n’a été changé. Il y en a plus qu’une page ne peut vérifier.
}
verified-faults = { $count ->
    [one] { $count } chose n’est pas telle qu’écrite :
   *[other] { $count } choses ne sont pas telles qu’écrites :
}
history-keep = Garder un point de contrôle
history-keep-hint = { $count ->
    [one] Il fixe { $count } enregistrement. Gardez-le là où personne qui peut changer ce site ne l’atteint.
   *[other] Il fixe { $count } enregistrements. Gardez-le là où personne qui peut changer ce site ne l’atteint.
}
take-checkpoint = Télécharger le point de contrôle
export = Exporter
older = Plus anciens
the-engine = de lui-même
action-created = Accès donné
action-provisioning = Utilisateur en création
action-redeemed = Entré par le lien
action-suspended = Suspendu
action-resumed = Cours repris
action-extended = Fin déplacée
action-reissued = Refait
action-revoked = Accès repris
action-expired = Expiré
action-repaired = Remis en ordre
action-signed-out = Session terminée
action-policy-changed = Règles changées
action-locked-out = Bloqué
action-lock-lifted = Blocage levé
action-accepted = Invitation acceptée
action-declined = Invitation déclinée
action-scope-changed = Permissions changées
action-switched = Passé au compte
action-returned = Revenu à son compte
action-deactivated = Tout accès d’invité coupé
action-activated = Accès des invités rétabli
action-provisioned = Utilisateur créé
action-abandoned = Jamais préparé
action-signed-in = Connecté
action-retiring = Suppression de l’utilisateur décidée
action-retired = Utilisateur supprimé
action-widening-refused = Une extension aurait élargi l’accès

## Blocages

lockouts-hint = Qui essaie des liens qui n’ouvrent rien est bloqué un moment.
no-lockouts = Personne n’est bloqué.
lockout-address = Adresse { $address }
lockout-grant = Le lien de { $grant }
lockout-site = Tout le site
tries = { $count ->
    [one] { $count } essai
   *[other] { $count } essais
}
locked-until = bloqué jusqu’à
lift = Lever
lift-of = Lever : { $what }

## Règles

policy-hint = Ce que ce site permet, quel que soit celui qui donne accès.
policy-saved = Enregistré.
policy-what = Ce qui peut être donné
policy-kinds = Façons d’entrer
choose-kind = Permettez au moins une façon.
policy-roles = Rôles
policy-roles-hint = Aucun invité ne reçoit plus que ce que tient un de ces rôles.
policy-limit-roles = Seulement les rôles ci-dessous
policy-ceiling = Plafond
policy-ceiling-hint = Aucun invité ne reçoit jamais plus que cela. Vaut pour les accès existants dès le prochain clic.
policy-limit-ceiling = Seulement les permissions ci-dessous
policy-how-long = Pour combien de temps
policy-longest = Accès le plus long
policy-longest-hint = De l’ouverture à la fin, ou à partir du premier usage.
policy-endless = Les invitations peuvent être sans fin
policy-endless-hint = Quelle que soit la durée la plus longue. Sinon, chaque invitation doit avoir une fin.
policy-default-ending = Durée habituelle
as-it-is = Telle quelle
policy-most-uses = Combien de fois un lien peut servir au plus
policy-most-uses-hint = Vide : autant de fois qu’on veut.
policy-session-length = Les sessions durent
policy-session-length-hint = Ensuite l’invité entre à nouveau, tant que l’accès dure.
policy-session-idle = Les sessions peuvent reposer
policy-session-idle-hint = Une session à laquelle rien n’a été demandé pendant ce temps est terminée.
no-limit = Sans limite
policy-grantor-gone = Quand celui qui a donné l’accès est parti
policy-grantor-gone-hint = Vaut aussi pour les accès existants.
policy-withhold = L’accès ne donne rien tant qu’il est parti
policy-end = L’accès se termine
policy-retire = Les utilisateurs des invités sont supprimés après
policy-retire-hint = Compté depuis la fin de l’accès. Ce qu’ils ont écrit est gardé.
policy-retire-never = Jamais d’eux-mêmes
policy-who = À qui l’accès peut être donné
policy-allowed = Seulement ces domaines
policy-allowed-hint = Un par ligne, comme example.org ou *.example.org. Vide : n’importe lequel.
policy-forbidden = Jamais ces domaines
policy-forbidden-hint = Un par ligne.
policy-redirect = Où les invités arrivent
policy-redirect-hint = Un chemin de ce site. Vide : sa première page.
policy-backup = D’abord une sauvegarde
policy-backup-age = Une sauvegarde ne doit pas dater de plus de
policy-backup-hint = Un accès puissant n’est donné qu’avec une sauvegarde récente, ou en connaissance de cause.
policy-no-backup = Pas de sauvegarde nécessaire
policy-backup-for = Nécessaire pour
policy-lockouts = Blocages
policy-within = Les essais comptent pendant
policy-within-hint = Autant de liens qui n’ouvrent rien, essayés dans ce temps, bloquent qui essaie.
policy-address = Essais depuis une adresse
policy-grant = Essais pour un lien
policy-site = Essais sur tout le site
policy-lock = Bloqué pendant

## Quand le moteur dit non

refusal-bad-site = Le nom du site n’en est pas un.
refusal-unknown-site = Ce site n’existe pas.
refusal-bad-user = Cela ne peut pas être un utilisateur.
refusal-bad-email = Ce n’est pas une adresse e-mail. Une adresse ressemble à nom@example.com, sans caractères invisibles.
refusal-bad-name = Un nom a au plus 100 caractères, tous visibles, et aucun qui change le sens de l’écriture.
refusal-bad-locale = Ce n’est pas une langue. Une langue s’écrit fr ou pt-BR.
refusal-bad-login = Le nom d’utilisateur est trop long ou contient ce qu’il ne peut pas.
refusal-bad-website = Le site web commence par http:// ou https:// et a au plus 200 caractères.
refusal-bad-note = La note a au plus 1000 caractères.
refusal-bad-redirect = Le chemin doit rester sur ce site et commencer par un seul /.
refusal-bad-uses = Le nombre d’usages est 1 ou plus ; une invitation s’accepte une fois.
refusal-bad-period = Ce n’est pas une durée.
refusal-bad-page = Cette page de la liste n’existe pas.
refusal-unknown-kind = Cette façon d’entrer n’existe pas.
refusal-unknown-role = Ce site n’a pas ce rôle.
refusal-unknown-permission = Ce site n’a pas cette permission.
refusal-permission-reserved = Aucun invité ne peut avoir cette permission.
refusal-beyond-ceiling = C’est au-dessus de ce que le site permet aux invités.
refusal-beyond-own-power = Vous n’avez pas vous-même cette permission.
refusal-scope-too-long = Cela fait plus de permissions qu’on ne peut en garder.
refusal-empty-scope = Avec cela, on ne pourrait rien faire. Permettez autre chose.
refusal-window-in-the-past = Ce serait déjà terminé. Choisissez une fin plus tardive.
refusal-window-too-long = C’est plus long que ce que permet le site.
refusal-opens-too-late = Cela s’ouvrirait trop tard.
refusal-too-many-uses = C’est plus d’usages que n’en permet le site.
refusal-role-not-allowed = C’est plus que ce que tiennent les rôles que le site permet aux invités.
refusal-domain-not-allowed = Le site ne donne pas accès aux adresses de ce domaine.
refusal-bad-domain = Un des domaines n’en est pas un. Un domaine s’écrit example.org ou *.example.org.
refusal-kind-not-allowed = Le site ne permet pas cette façon d’entrer.
refusal-out-of-range = Cette valeur est hors de ce qui est permis.
refusal-unknown-purpose = Ce site ne connaît pas ce but.
refusal-role-lacks-permission = Ce que vous permettez ne suffit pas pour cela.
refusal-unknown-override = Il n’y a rien de tel à faire en connaissance de cause.
refusal-backup-too-old = Il faut pour cela une sauvegarde récente, et il n’y en a pas.
refusal-link-must-end = Un accès par lien ou mot de passe doit se terminer. Choisissez une fin.
refusal-window-at-ceiling = Il dure déjà le maximum que permet le site.
refusal-email-in-use = Cette adresse est celle d’un utilisateur du site qui n’est pas un invité.
refusal-guest-has-access = Un invité de cette adresse a déjà un accès.
refusal-unknown-actor = Vous n’êtes pas utilisateur de ce site.
refusal-guest-may-not-grant = Les invités ne peuvent ni donner ni changer d’accès. Si vous êtes dans le compte de quelqu’un d’autre, revenez d’abord au vôtre.
refusal-may-not-grant = Vous ne pouvez pas donner accès sur ce site. Demandez à un propriétaire.
refusal-owners-only = Seul un propriétaire du site peut le faire.
refusal-unknown-grant = Cet accès n’existe pas, ou n’est pas le vôtre.
refusal-grant-ended = Cet accès est terminé. Si vous en avez encore besoin, demandez à qui vous l’a donné.
refusal-grant-suspended = Cet accès est suspendu pour le moment. Demandez à qui vous l’a donné.
refusal-already-suspended = Il est déjà suspendu.
refusal-not-suspended = Il n’est pas suspendu.
refusal-wrong-state = Cela ne se peut pas dans l’état où il est.
refusal-vetoed = Une extension de ce site a dit non.
refusal-hook-failed = Une extension de ce site a échoué, et cela compte comme un non.
refusal-link-not-valid = Ce lien n’ouvre rien. Copiez le lien en entier, ou demandez-en un nouveau à qui vous a invité.
refusal-link-not-open-yet = Cet accès n’est pas encore ouvert. Revenez plus tard.
refusal-link-used-up = Cet accès a déjà servi autant de fois qu’il le pouvait. Demandez-en un nouveau à qui vous l’a donné.
refusal-locked-out = Trop de liens qui n’ouvrent rien ont été essayés. Attendez un peu et réessayez.
refusal-unknown-lockout = Rien n’est compté là.
refusal-not-a-guest = Vous n’êtes pas un invité : connectez-vous comme d’habitude.
refusal-no-password-guest = Cet invité n’a pas de mot de passe.
refusal-user-rejected = Le site n’a pas voulu créer cet utilisateur. Le nom est peut-être déjà pris.
refusal-user-gone = Le site vous a retiré comme utilisateur. Demandez à qui vous a invité.
refusal-session-unknown = Vous n’êtes pas connecté, ou ne l’êtes plus. Rouvrez votre lien ou connectez-vous.
refusal-session-superseded = Le lien ou le mot de passe par lequel vous êtes entré a été remplacé. Utilisez le plus récent.
refusal-session-ended = Cette session est terminée. Rouvrez votre lien ou connectez-vous.
refusal-deactivated = Le site ne laisse entrer aucun invité pour le moment.
refusal-not-deactivated = Seul un site désactivé peut être désinstallé.
refusal-unknown-heir = Il n’y a personne pour reprendre le contenu.
refusal-unknown-state = Cet état n’existe pas.
refusal-contended = D’autres changeaient la même chose. Réessayez.
refusal-store-unavailable = Les données du site ne sont pas disponibles pour le moment.
refusal-directory-unavailable = Les utilisateurs du site ne sont pas disponibles pour le moment.
refusal-record-damaged = Un enregistrement est abîmé.
refusal-record-too-new = Un enregistrement vient d’une version plus récente.
refusal-bad-catalogue = La liste des permissions du site est inutilisable.
refusal-bad-message = Le message a au plus 1000 caractères.
refusal-self-invitation = Vous ne pouvez pas vous inviter vous-même.
refusal-owner-invited = Cette personne est propriétaire du site et peut déjà tout.
refusal-wrong-user = Cette invitation est pour une autre adresse e-mail.
refusal-sign-in-first = Il y a déjà un utilisateur de l’adresse invitée : connectez-vous avec lui pour accepter.
refusal-already-accepted = Cette invitation a déjà été acceptée.
refusal-bad-checkpoint = Ce n’est pas un point de contrôle de ce site.
refusal-bad-proof = Cela ne prouve pas ce que cela devrait.
refusal-unknown-record = L’historique n’a pas cet enregistrement.
refusal-user-held = L’utilisateur a un autre accès, qui doit d’abord se terminer.

## Extensions

plugins-hint = Des extensions qui veillent sur les accès à ce site. Elles peuvent dire non, retirer des permissions et réagir ; aucune ne peut donner davantage à qui que ce soit.
no-plugins = Aucune extension n’est installée.
plugin-upload = Installer une extension
plugin-upload-hint = Un fichier qui se termine par .gpx. Elle ne fait rien avant que vous ayez approuvé ce qu’elle demande. Une version plus récente remplace celle qui est là.
plugin-file = Fichier de l’extension
plugin-install = Installer
plugin-no-file = Choisissez d’abord un fichier.
plugin-too-large = Ce fichier est plus grand que ce que le site accepte.
plugin-unapproved = Attend votre accord
plugin-waits = La version { $version } attend votre accord
plugin-version = Version { $version }
plugin-failures = { $count ->
    [one] A échoué { $count } fois depuis son dernier appel réussi
   *[other] A échoué { $count } fois depuis son dernier appel réussi
}
plugin-asks = Ce qu’elle demande
plugin-asks-hint = Elle le reçoit si vous l’approuvez, et rien d’autre.
plugin-new-hint = Elle demande plus que ce que vous avez approuvé. Tant que vous ne l’approuvez pas, l’ancienne version continue. Nouveau :
plugin-new-nothing = Elle ne demande rien que vous n’ayez déjà approuvé. Tant que vous ne l’approuvez pas, l’ancienne version continue.
plugin-approve = Approuver
plugin-approve-version = Approuver la version { $version }
plugin-approve-first = Pour l’activer, approuvez d’abord ce qu’elle demande.
plugin-activate = Activer
plugin-deactivate = Désactiver
plugin-roll-back = Revenir à la version { $version }
plugin-facts = À son sujet
plugin-off-hint = Tant que vous ne l’activez ou ne la désactivez pas, ce dont elle déciderait est refusé.
plugin-approved-by = Approuvé par { $name }
plugin-made-by = Faite par
plugin-signed = Signée : personne d’autre ne peut en faire une version plus récente.
plugin-unsigned = Non signée : n’importe qui peut en faire une version plus récente.
plugin-failed = Échecs
plugin-http = Envoyer ce qu’elle apprend à { $host }
plugin-http-host = Envoyer ce qu’elle apprend à { $host }, selon l’adresse de son réglage « { $setting } »
plugin-http-setting = Envoyer ce qu’elle apprend à l’adresse de son réglage « { $setting } »
plugin-hears = Apprendre : { $what }
plugin-settings = Réglages
plugin-setting-lines = Un par ligne.
plugin-setting-default = D’habitude : { $value }
plugin-told = Reste à lui dire
plugin-parked = abandonné
plugin-due = lui sera dit
plugin-replay = Le lui redire
plugin-uninstall = Désinstaller
plugin-uninstall-hint = Elle n’est plus appelée, et ses réglages sont perdus.
plugin-keep-data = Garder ce qu’elle a retenu, pour le cas où elle serait réinstallée
plugin-delete-data = Supprimer ce qu’elle a retenu
plugin-uninstall-now = La désinstaller maintenant
plugin-state-active = Active
plugin-state-inactive = Inactive
plugin-state-switched-off = Arrêtée
plugin-done-installed = Installée. Elle ne fait encore rien.
plugin-done-upgraded = La version plus récente a pris la place.
plugin-done-approved = Approuvé.
plugin-done-active = Activée. Elle est appelée dès maintenant.
plugin-done-inactive = Désactivée. Elle n’est plus appelée.
plugin-done-set = Enregistré
plugin-done-rolled-back = La version précédente est de retour.
plugin-done-replayed = Cela lui est redit maintenant.
plugin-done-uninstalled = Désinstallée.
plugin-said-unknown-plugin = Cette extension n’existe pas.
plugin-said-bad-package = Ce n’est pas une extension. Les extensions sont des fichiers qui se terminent par .gpx.
plugin-said-incomplete-package = Cette extension n’est pas entière : il en manque une partie.
plugin-said-bad-signature = La signature est fausse : quelqu’un a peut-être modifié ce fichier. Redemandez-le à son auteur.
plugin-said-other-key = Cette version n’est pas signée par l’auteur de celle qui est installée ; elle vient peut-être de quelqu’un d’autre.
plugin-said-not-newer = Cette version n’est pas plus récente que celle qui est installée.
plugin-said-not-approved = Approuvez d’abord ce qu’elle demande.
plugin-said-other-version = Ce qui attend à présent n’est plus ce que vous avez vu. Regardez-la de nouveau avant de l’approuver.
plugin-said-changed-meanwhile = Quelqu’un d’autre l’a modifiée au même moment. Regardez-la et réessayez.
plugin-said-no-previous-version = Il n’y a pas de version antérieure à laquelle revenir.
plugin-said-bad-setting = Ce n’est pas le genre de valeur qui convient ici.
capability-log = Écrire dans le journal du site
capability-keyvalue = Retenir des choses pour elle
capability-clock = Savoir l’heure
capability-requests-revoke = Reprendre des accès, en votre nom
capability-requests-suspend = Suspendre des accès, en votre nom
capability-event-all = Apprendre tout ce qui se passe
capability-event-tick = Apprendre qu’une heure commence
capability-event-refused = Apprendre ce que des extensions refusent
capability-hook-grant-filter = Refuser qu’un accès soit donné ou changé, donner moins, ou mener l’invité ailleurs sur le site
capability-hook-entry-filter = Refuser que quelqu’un entre
capability-hook-permission-filter = Retenir des permissions, à chaque clic d’un invité
capability-hook-action = Agir après que quelque chose s’est passé
note-installed = Installée
note-approved = Approuvée
note-activated = Activée
note-deactivated = Désactivée
note-upgraded = Mise à jour
note-rolled-back = Revenue en arrière
note-fault = A échoué
note-switched-off = Arrêtée
note-parked = On a renoncé à le lui dire
note-replayed = Redit
note-requested = A demandé
