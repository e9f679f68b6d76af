### Ce que les gens lisent, en français. Chaque phrase dit ce qui est et ce qu’il faut faire.
### Les raisons et les causes de fin se lisent des deux côtés ; `<id>-host` le dit à la personne devant l’instrument.

## Reasons

reason-sign_in_failed = Le nom, le mot de passe ou le code est faux. Vérifiez les trois et réessayez ; chaque code ne sert qu’une fois.
reason-sign_in_paused = Trop de connexions erronées. Attendez une heure ou adressez-vous à votre administrateur.
reason-not_signed_in = Vous n’êtes pas connecté. Connectez-vous d’abord.
reason-second_factor_stale = Votre dernier code de l’application d’authentification est trop ancien pour cela. Saisissez-en un nouveau.
reason-second_factor_wrong = Ce code est faux ou a déjà servi. Attendez le suivant dans votre application d’authentification.
reason-invitation_invalid = Cette invitation n’est pas valable : elle a servi, a été remplacée ou a expiré. Demandez-en une nouvelle à votre administrateur.
reason-password_too_weak = Ce mot de passe est trop facile à deviner. Choisissez-en un plus long, par exemple plusieurs mots.
reason-password_common = Beaucoup de gens choisissent ce mot de passe, ou des parties de celui-ci. Prenez plusieurs mots sans rapport entre eux.
reason-password_classes = Les règles de ce site demandent à la fois des minuscules, des majuscules, des chiffres et d’autres signes. Mettez-en un de chaque dans le mot de passe.
reason-password_same = C’est votre mot de passe actuel. Choisissez-en un autre.
reason-password_due = Il faut d’abord changer votre mot de passe : il est trop ancien, ou d’avant les règles d’aujourd’hui. Choisissez-en un nouveau.
reason-device_not_recognised = La clé de ce navigateur n’est pas encore reconnue. Donnez son empreinte à votre superviseur, qui la certifiera.
reason-enrolment_invalid = Ce jeton d’inscription n’est pas valable : il a servi ou a expiré. Demandez-en un nouveau au service d’assistance.
reason-bootstrap_invalid = Ce secret de démarrage n’est pas valable : il a été utilisé ou a expiré. Créez-en un autre sur la machine du serveur.
reason-host_not_listed = Cet instrument n’est pas encore dans les documents signés. Le responsable de la sécurité doit l’ajouter.
reason-host_not_listed-host = Ce PC n’est pas encore dans les documents signés du service d’assistance. Demandez au service d’assistance de l’ajouter.
reason-identity_not_proven = L’autre côté n’a pas pu prouver son identité. Rien n’a été montré ; recommencez et signalez-le si cela se répète.
reason-origin_refused = Cette adresse n’a pas le droit de parler au serveur. Ouvrez la console à sa propre adresse.
reason-role_denies = Le rôle de votre compte ne permet pas cela. Un administrateur peut dire qui en a le droit.
reason-account_unknown = Il n’y a pas de tel compte à votre portée.
reason-account_exists = Ce compte ou ce nom de connexion existe déjà. Choisissez un autre nom de connexion.
reason-own_account = Cela ne se fait pas sur son propre compte. Demandez à une autre personne qui en a le droit.
reason-last_administrator = C’est le dernier administrateur qui peut se connecter. Faites-en entrer un autre d’abord.
reason-second_person_needed = Une personne seule ne peut pas faire cela. Une autre personne qui en a le droit doit l’approuver.
reason-proposal_unknown = Il n’y a pas de telle proposition à votre portée.
reason-receipt_unknown = Il n’y a pas de reçu scellé de cette visite à votre portée.
reason-proposal_decided = Cette proposition a déjà été approuvée, refusée ou retirée. Si elle est encore voulue, proposez-la de nouveau.
reason-proposal_expired = Cette proposition a expiré. Si elle est encore voulue, proposez-la de nouveau.
reason-proposal_changed = Le compte, ou celui de la personne qui propose, n’est plus comme au moment de la proposition. Vérifiez-le et proposez de nouveau.
reason-too_many_proposals = Trop de vos propositions attendent. Retirez-en, ou faites-les décider.
reason-not_assigned = Cet instrument n’est pas attribué à ce technicien. Un administrateur peut changer cela.
reason-training_expired = La formation pour cet instrument a expiré. Renouvelez-la avant d’aider ici.
reason-outside_hours = Les visites ne sont pas permises à cette heure. Réessayez pendant les heures du site.
reason-black_out = Les visites sont suspendues sur cet instrument en ce moment, par exemple pendant l’analyse d’échantillons. Réessayez après la pause.
reason-vendor_policy = Les règles du service d’assistance ne permettent pas cela ici. Son responsable de la sécurité peut changer cela.
reason-site_policy = Les règles de ce site ne permettent pas cela ici. Seul l’administrateur du site peut changer cela.
reason-permission_not_offered = Cette autorisation n’existe pas pour cet instrument.
reason-phi_policy = Ce PC peut contenir des données de santé : cela y est fermé, et personne ne peut l’ouvrir pendant une visite.
reason-not_granted = La personne devant l’instrument n’a pas autorisé cela. Demandez-le d’abord.
reason-requires_view = Il faut d’abord avoir le droit de voir l’écran. Demandez-le en premier.
reason-reason_missing = Il faut un motif et une référence de dossier. Indiquez les deux.
reason-already_asked = Cela a déjà été demandé. Attendez la réponse ou utilisez ce qui est autorisé.
reason-view_only = Vous observez cette visite, rien de plus. Pour tout le reste, c’est le technicien qui demande.
reason-same_person = Vous êtes déjà dans cette visite. Quelqu’un d’autre peut l’observer avec ce code.
reason-code_wrong = Ce code est faux. Faites-le relire, caractère par caractère.
reason-code_wrong-host = Quelqu’un a saisi un code faux. Relisez-le, caractère par caractère.
reason-code_expired = Ce code a expiré. Il faut en créer un nouveau sur l’instrument avec « Obtenir de l’aide ».
reason-code_expired-host = Ce code a expiré. Demandez-en un nouveau.
reason-code_used = Ce code a déjà servi ; chacun ne sert qu’une fois. Il faut en créer un nouveau sur l’instrument avec « Obtenir de l’aide ».
reason-code_used-host = Ce code a servi ; chacun ne sert qu’une fois. Demandez-en un nouveau.
reason-code_burnt = Ce code est bloqué après trop d’essais erronés. Il faut en créer un nouveau sur l’instrument avec « Obtenir de l’aide ».
reason-code_burnt-host = Ce code est bloqué après trop d’essais erronés. Demandez qui a essayé, puis demandez-en un nouveau.
reason-too_many_tries = Trop de codes erronés. Attendez avant de réessayer et faites lire le code caractère par caractère.
reason-code_reserved = Un autre technicien utilise ce code en ce moment. Demandez à la personne devant l’instrument à qui elle parle.
reason-agreement_failed = La seconde moitié du code est fausse. Faites relire les quatre derniers caractères.
reason-agreement_failed-host = La seconde moitié du code a été mal saisie. Relisez les quatre derniers caractères.
reason-refused_by_person = La personne devant l’instrument a refusé. Parlez-lui avant de demander à nouveau.
reason-refused_by_person-host = Vous avez refusé.
reason-no_answer = Personne n’a répondu à temps devant l’instrument. Assurez-vous que quelqu’un y est, puis redemandez.
reason-no_answer-host = Personne n’a répondu à temps : la réponse était donc non.
reason-nobody_logged_in = Personne n’a ouvert de session sur le PC de l’instrument. Quelqu’un doit d’abord s’y connecter.
reason-screen_locked = L’écran du PC de l’instrument est verrouillé. Quelqu’un doit le déverrouiller sur place.
reason-no_screen = Il n’y a pas d’écran à montrer sur le PC de l’instrument.
reason-masked = Cette partie de l’écran est cachée par un masque de confidentialité.
reason-mask_not_placed = Un masque de confidentialité de cet instrument ne peut pas être posé : son écran n’est pas montré.
reason-visit_paused = La personne sur place a mis la visite en pause.
reason-visit_paused-host = Vous avez mis la visite en pause.
reason-session_away = Une autre session occupe l’écran du PC de l’instrument. Quelqu’un doit y revenir sur place.
reason-no_clipboard = Sur le PC de l’instrument, Chaperone tourne sans fenêtres et n’a pas de presse-papiers.
reason-input_unavailable = L’écran du PC de l’instrument n’accepte ni souris ni clavier de l’extérieur. Quelqu’un doit y appuyer sur ce que vous nommez.
reason-desk_hung = La fenêtre de Chaperone sur le PC de l’instrument ne répond plus : plus rien n’est montré. Redémarrez-y Chaperone.
reason-capture_hung = L’écran du PC de l’instrument n’a pas pu être lu pendant plusieurs secondes ; la visite a pris fin. Regardez le PC, puis recommencez.
reason-file_stopped_at_host = Le transfert a été annulé sur le PC de l’instrument. Rien du fichier n’y reste.
reason-file_stopped_by_technician = Le technicien a annulé le transfert. Rien du fichier ne reste.
reason-file_differs = Ce qui est arrivé n’est pas ce qui était annoncé (taille ou SHA-256 différents) : tout a été supprimé. Envoyez le fichier à nouveau.
reason-file_changed = Le fichier a changé pendant l’envoi. Fermez le programme qui l’écrit, puis envoyez-le à nouveau.
reason-file_not_plain = Seuls des fichiers et dossiers ordinaires peuvent être envoyés : ni lien, ni périphérique, ni tube.
reason-file_unreadable = Le fichier ne peut pas être lu. Choisissez-en un autre ou autorisez d’abord sa lecture.
reason-file_cut = La connexion des fichiers a été perdue et n’est pas revenue à temps. Rien du fichier ne reste ; envoyez-le à nouveau.
reason-files_too_large = C’est plus qu’une visite ne peut apporter à ce PC. Son administrateur peut changer la limite.
reason-folder_unusable = Le dossier des fichiers reçus n’est pas utilisable sur le PC de l’instrument. Son administrateur peut vérifier à qui il appartient et qui peut y écrire.
reason-disk_full = Le disque est plein. Libérez de la place, puis envoyez le fichier à nouveau.
reason-restart_not_set_up = Ce PC n’est pas réglé pour être redémarré par Chaperone. Quelqu’un sur place peut le redémarrer, puis appuyer de nouveau sur « Obtenir de l’aide ».
reason-restart_not_allowed = Le système du PC de l’instrument ne permet pas à Chaperone de le redémarrer. Quelqu’un sur place peut le redémarrer, puis appuyer de nouveau sur « Obtenir de l’aide ».
reason-restart_failed = Le PC n’a pas redémarré : son système a refusé ou n’a pas répondu. Quelqu’un sur place peut le redémarrer, puis appuyer de nouveau sur « Obtenir de l’aide ».
reason-restart_stopped = La personne sur place a arrêté le redémarrage.
reason-restart_stopped-host = Vous avez arrêté le redémarrage.
reason-return_invalid = Le retour après le redémarrage ne vaut plus rien. Il faut un nouveau code.
reason-return_not_yours = Le retour après le redémarrage est celui d’un autre technicien ou d’un autre appareil. Rien n’a été ouvert, et il ne vaut plus rien.
reason-host_offline = Le PC de l’instrument n’est pas connecté. Vérifiez son réseau et que Chaperone y fonctionne.
reason-host_busy = Le PC de l’instrument est dans une autre visite ou ne peut pas en accepter maintenant. Réessayez ensuite.
reason-wrong_moment = Ce n’est pas possible en ce moment. Continuez à partir de ce que montre l’écran.
reason-document_invalid = Les documents ne sont pas ceux qui ont été signés. Ils n’ont pas été utilisés ; signalez-le.
reason-document_stale = Les documents signés sont trop anciens. Il faut les signer et les publier à nouveau.
reason-pass_invalid = L’accès à cette visite a expiré ou a déjà servi. Saisissez le code à nouveau.
reason-signature_invalid = Une signature est fausse : rien n’a donc été cru. Recommencez et signalez-le si cela se répète.
reason-malformed = L’autre côté a envoyé quelque chose d’incompréhensible. Rechargez-le ou redémarrez-le, et signalez-le si cela se répète.
reason-too_large = C’est trop grand pour être accepté.
reason-too_fast = C’est venu trop vite. Attendez un instant et réessayez.
reason-too_busy = Trop de personnes se connectent en ce moment. Rien n’a été compté contre vous ; réessayez dans quelques secondes.
reason-version_not_spoken = Les deux programmes sont de versions différentes. Mettez à jour le plus ancien.
reason-log_unavailable = Rien ne peut être consigné en ce moment, donc rien n’est autorisé. Le disque est peut-être plein ; prévenez la personne chargée du PC ou du serveur.
reason-log_doubted = Les journaux de ce PC et du service d’assistance ne concordent pas : aucune visite ne commence. Une personne nommée de chaque côté doit l’examiner et en prendre acte.
reason-line_cut = La connexion a été coupée. Une nouvelle tentative est en cours.
reason-session_over = Cette visite est terminée. Pour une nouvelle visite, il faut un nouveau code.
reason-taken_over = Une deuxième connexion a été ouverte, peut-être dans une autre fenêtre. La plus récente compte ; celle-ci a été fermée.

## End causes

end-host_ended = La personne devant l’instrument a terminé la visite.
end-host_ended-host = Vous avez terminé la visite.
end-technician_ended = Le technicien a terminé la visite.
end-refused = La demande de voir l’écran a été refusée.
end-refused-host = Vous avez refusé la demande de voir l’écran.
end-no_answer = Personne n’a répondu à la demande de voir l’écran.
end-code_burnt = Le code a été bloqué après trop d’essais erronés. Il faut un nouveau code.
end-code_expired = Le code a expiré avant le début de la visite. Il faut un nouveau code.
end-connection_lost = La connexion a été perdue. Plus rien n’est vu ni commandé ; une nouvelle visite demande un nouveau code.
end-lease_expired = La connexion est restée muette trop longtemps : la visite a été terminée. Une nouvelle visite demande un nouveau code.
end-peer_misbehaved = L’un des côtés n’a pas respecté les règles de la connexion : la visite a été terminée par sécurité. Signalez-le.
end-identity_not_proven = L’identité du technicien n’a pas pu être prouvée. Rien n’a été montré ; signalez-le si cela se répète.
end-policy = Les règles en vigueur ne permettent plus cette visite.
end-idle = Rien ne s’est passé pendant un moment : la visite a été terminée.
end-time_limit = La visite a atteint sa durée maximale. Une nouvelle visite demande un nouveau code.
end-desk_lost = La fenêtre sur le PC de l’instrument s’est arrêtée : la visite a été terminée. Redémarrez-y Chaperone.
end-log_unavailable = Plus rien ne pouvait être consigné : la visite a été terminée. Prévenez la personne chargée du PC ou du serveur.
end-log_doubted = Les journaux des deux côtés ne concordent pas : la visite a été terminée. Prévenez la personne chargée du PC ou du service d’assistance.
end-broker_stopped = Le service d’assistance a été arrêté. Réessayez quand il sera revenu.
end-signed_out = Le technicien s’est déconnecté, ou sa connexion a expiré.
end-restarting = Le PC de l’instrument redémarre, comme il a été autorisé sur place. Plus rien n’est vu ni commandé.
end-restarting-host = Ce PC redémarre, comme vous l’avez autorisé. Plus rien n’est vu ni commandé.
end-failed_inside = Une erreur inattendue a terminé la visite. Plus rien n’est vu ni commandé ; signalez-le.
end-watched_visit_over = La visite observée est terminée, ou sa ligne a été coupée. Plus rien n’est vu.
direct-over-stalled = La voie directe est restée immobile pendant deux secondes.
direct-over-slower = La voie directe était plus lente que le passage par le serveur.
direct-over-failed = La voie directe n’a pas pu être ouverte, ou a échoué.
direct-over-not_as_agreed = Ce qui a répondu sur la voie directe n’était pas ce dont les deux côtés étaient convenus : elle a été fermée.
direct-over-policy = Les règles en vigueur ne permettent plus la voie directe.
direct-over-cut = La liaison a été coupée, et la voie directe avec elle.
direct-over-turned_off = La voie directe a été désactivée.

## Purposes

purpose-fault = Panne ou message d’erreur
purpose-results = Question sur des résultats
purpose-maintenance = Maintenance
purpose-update = Mise à jour du logiciel
purpose-training = Formation
purpose-other = Autre

## Permissions

permission-view = voir l’écran
permission-control = utiliser la souris et le clavier
permission-file_to_host = envoyer un fichier au PC de l’instrument
permission-file_from_host = prendre un fichier du PC de l’instrument
permission-clipboard_to_host = coller du texte sur le PC de l’instrument
permission-clipboard_from_host = copier du texte du PC de l’instrument
permission-restart = redémarrer le PC de l’instrument

answer-allow = autorisée
answer-refuse = refusée
answer-no_answer = laissée sans réponse
answer-policy = refusée par les règles
scope-this = Pour celui-ci.
scope-session = Pour tous les fichiers dans ce sens jusqu’à la fin de la visite.

authenticator-p256 = navigateur
authenticator-ed25519 = fichier de clé
authenticator-webauthn = clé de sécurité

host-state-offline = Hors ligne
host-state-ready = Prêt
host-state-calling = Demande de l’aide
host-state-visited = En visite

## Notices

notice-no_screen = Il n’y a pas d’écran à montrer sur le PC de l’instrument.
notice-screen_paused = L’image est en pause : l’écran du PC de l’instrument est verrouillé ou a changé de session.
notice-screen_resumed = L’image reprend.
notice-suspended = Le PC de l’instrument n’entend plus le service d’assistance. Rien n’est montré ni commandé tant que cela dure.
notice-input_masked = Cette partie de l’écran est cachée par un masque de confidentialité : votre saisie n’a rien fait.
notice-mask_not_placed = Un masque de confidentialité de cet instrument ne peut pas être posé. Rien n’est montré ni commandé tant que cela dure.
notice-session_away = Une autre session occupe l’écran du PC de l’instrument. Rien n’est montré ni commandé tant que cela dure.
notice-screen_locked = L’écran du PC de l’instrument est verrouillé. Rien n’est montré ni commandé tant que personne ne le déverrouille sur place.
notice-paused_by_person = La personne devant l’instrument a mis la visite en pause. Rien n’est montré ni commandé avant qu’elle ne continue.
notice-local_input = La personne devant l’instrument utilise la souris ou le clavier. Les vôtres restent sans effet tant qu’elle ne les a pas laissés un moment.
notice-local_quiet = La souris et le clavier sont de nouveau à vous.
notice-idle_warned = Personne n’a rien fait depuis un moment. La visite se termine dans une minute.
notice-idle_over = La visite reste ouverte.
notice-input_stale = Vos dernières actions de souris et de clavier sont arrivées trop tard et ont été ignorées. Regardez l’image avant de continuer.
notice-input_dropped_prompt = Une question est affichée sur l’instrument ; votre souris et votre clavier attendent la réponse.
notice-prompt_shown = La question est posée à la personne devant l’instrument.
notice-prompt_gone = La question sur l’instrument est fermée.

## Rôles

repository-vendor = du fournisseur
repository-site = du site

doubt-not_signed = Il n’est pas signé par celui à qui il devrait être.
doubt-other_log = C’est un autre journal : le journal a été recommencé.
doubt-rolled_back = Il est plus court qu’avant : ses dernières entrées ont été retirées, ou une copie plus ancienne a été remise.
doubt-forked = Il ne continue pas ce qui avait été montré : quelque chose y a été réécrit.
doubt-end_not_shown = La fin de la visite n’y figure pas.
doubt-own_log = Il ne continue pas ce que son propre côté avait signé.

role-technician = technicien
role-supervisor = superviseur
role-security_officer = responsable de la sécurité
role-administrator = administrateur
role-site_administrator = administrateur du site
role-auditor = auditeur

## Events

event-broker_started = Le serveur { $broker_id } a démarré, version { $version }.
event-broker_stopped = Le serveur { $broker_id } a été arrêté.
event-invitation_made = { $by } a invité { $technician_id }.
event-invitation_accepted = { $technician_id } a accepté l’invitation depuis { $address }.
event-invitation_refused = Une invitation a été refusée depuis { $address }. { $reason }
event-device_registered = { $technician_id } a enregistré une nouvelle clé ({ $type }), empreinte { $fingerprint }.
event-account_suspended = { $by } a suspendu le compte de { $technician_id }.
event-account_restored = { $by } a rétabli le compte de { $technician_id }.
event-signed_in = { $technician_id } s’est connecté depuis { $address }.
event-sign_in_refused = « { $name_given } » n’a pas pu se connecter depuis { $address }. { $reason }
event-signed_out = { $technician_id } s’est déconnecté, ou sa connexion a expiré.
event-factor_confirmed = { $technician_id } a confirmé le second facteur.
event-factor_refused = { $technician_id } n’a pas confirmé le second facteur, depuis { $address }. { $reason }
event-account_stopped = Le compte de { $technician_id } est bloqué après { $failures } connexions erronées de suite. Ses appareils reconnus entrent toujours ; un administrateur peut le débloquer.
event-account_stop_cleared = { $by } a débloqué le compte de { $technician_id }.
event-password_changed = { $technician_id } a changé le mot de passe depuis { $address } ; toute autre connexion est terminée.
event-recovery_codes_made = { $technician_id } a créé de nouveaux codes de secours ; les anciens ne valent plus rien.
event-recovery_code_used = { $technician_id } a utilisé un code de secours depuis { $address } ; il en reste { $left }.
event-factor_replaced = { $technician_id } a pris une autre application d’authentification depuis { $address }.
event-guessing_braked = { $address_is ->
    [none] Trop d’essais depuis toutes les adresses ensemble. Pas d’écoute pendant { $seconds } secondes. { $reason }
   *[some] Trop d’essais depuis { $address }. Pas d’écoute pendant { $seconds } secondes. { $reason }
}
event-bootstrap_secret_made = { $by } a créé sur la machine du serveur un secret qui fait entrer un administrateur ; il sert une fois, pendant { $minutes } minutes. Administrateurs qui pouvaient se connecter à ce moment : { $others }.
event-bootstrap_used = Le secret de la machine du serveur a été utilisé depuis { $address } : { $technician_id } est invité comme administrateur. Administrateurs qui pouvaient se connecter à ce moment : { $others }.
event-bootstrap_refused = Un secret de démarrage a été refusé depuis { $address }. { $reason }
event-role_given = { $by } a créé le compte { $technician_id } : { $role }.{ $sites_is ->
    [none] { "" }
   *[other] { " " }Sites : { $sites }
}
event-role_changed = { $by } a changé le rôle de { $technician_id } de { $before } à { $role } ; toutes ses connexions sont terminées.{ $sites_is ->
    [none] { "" }
   *[other] { " " }Sites : { $sites }
}
event-proposal_made = { $by } a proposé pour { $name } ({ $technician_id }) le rôle { $role } : la proposition { $proposal_id } attend une deuxième personne.{ $sites_is ->
    [none] { "" }
   *[other] { " " }Sites : { $sites }
}
event-proposal_approved = { $by } a approuvé la proposition { $proposal_id } de { $proposed_by } au sujet de { $technician_id }.
event-proposal_declined = { $by } a refusé la proposition { $proposal_id } de { $proposed_by } au sujet de { $technician_id }.
event-proposal_withdrawn = { $by } a retiré la proposition { $proposal_id } au sujet de { $technician_id }.
event-account_deleted = { $by } a supprimé le compte de { $name } ({ $technician_id }). Son historique reste.
event-signed_out_everywhere = { $by } a déconnecté { $technician_id } partout.

event-head_held = { $subject } a montré son journal { $log_id } : { $size } entrées, signées, qui continuent ce qui avait été montré.
event-visit_closed = { $subject } a montré, signé, que son journal termine la visite { $session_id } à l’entrée { $entry }.
event-log_doubted = ALERTE : le journal de { $subject } ne concorde pas avec ce qui en avait été montré ({ $held_size } entrées alors, { $given_size } à présent). { $doubt } Aucune visite ne commence avant qu’une personne nommée en prenne acte.
event-doubt_told = ALERTE : { $subject } dit que le journal de ce côté ne concorde pas avec ce qui lui avait été montré ({ $held_size } entrées alors, { $given_size } à présent). { $doubt }
event-doubt_acknowledged = { $by } a pris acte du doute sur le journal de { $subject } : { $why }
event-witness_failed = Le dernier état du journal n’a pas pu être remis au témoin { $witness }.
event-receipt_signed = Le reçu de la visite { $session_id } a été signé par { $subject }.
event-receipt_kept = Une copie scellée du reçu de la visite { $session_id } a été gardée pour l’auditeur du fournisseur.
event-log_begun = Le journal continue après { $size } entrées, alors que { $held_size } avaient été signées. Voir l’alerte.
event-log_failed = Pendant { $seconds } secondes, rien n’a pu être consigné et rien n’a été autorisé. { $late } entrées suivent en retard, { $lost } sont perdues.
event-event_unfit = Un fait n’a pas pu être consigné ({ $kind } : { $why }). Ce qu’il disait est perdu.
event-disk_low = Il ne reste que { $percent } % du disque. Quand il sera plein, plus rien ne sera autorisé.
event-entries_expired = { $by } a laissé partir le contenu des entrées { $first } à { $last }, plus anciennes que { $older_than_days } jours. Leurs empreintes restent.
event-correction = { $by } ajoute à l’entrée { $about } : { $words }
event-trail_read = { $by } a lu le journal.{ $wanted_is ->
    [none] { "" }
   *[other] { " " }Demandé : { $wanted }
}
event-export_proposed = { $by } a proposé d’emporter une copie du journal ({ $form }) : { $export_id } attend une deuxième personne.{ $wanted_is ->
    [none] { "" }
   *[other] { " " }Demandé : { $wanted }
}
event-export_approved = { $by } a approuvé la copie { $export_id } proposée par { $proposed_by }.
event-export_declined = { $by } a refusé la copie { $export_id } proposée par { $proposed_by }.
event-export_withdrawn = { $by } a retiré la copie { $export_id }.
event-export_fetched = { $by } a pris la copie { $export_id }, cette seule fois : { $count } entrées.
event-receipts_listed = { $by } a demandé quels reçus il y a.
event-receipt_fetched = { $by } a pris le reçu scellé de la visite { $session_id }, SHA-256 { $digest }.
event-named = { $subject } a un nom, qui se trouve à côté du journal. Cette entrée l’engage : { $commitment }.
event-quarantined = Une chose gardée ({ $kind }, { $subject }) n’a pas pu être lue { $tries } fois et a été mise de côté. Le service continue sans elle.
event-administration_refused = { $what } a été refusé à { $technician_id } pour « { $account_given } », depuis { $address }. { $reason }
event-host_enrol_token_made = { $by } a créé un jeton d’inscription pour le site « { $site } ».
event-host_enrolled = Un hôte s’est inscrit sous { $host_id } ({ $model }, site « { $site } », données de santé : { $phi }), accepté par { $accepted_by } selon les conditions { $terms_version }, depuis { $address }, empreinte { $fingerprint }.
event-enrol_refused = Une inscription a été refusée depuis { $address }. { $reason }
event-host_connected = L’hôte { $host_id } s’est connecté depuis { $address } (inscrit : { $listed }).
event-host_disconnected = L’hôte { $host_id } n’est plus connecté.
event-host_connect_refused = Une connexion au nom de l’hôte « { $host_given } » a été refusée depuis { $address }. { $reason }
event-technician_connected = { $technician_id } s’est connecté depuis { $address } avec l’appareil { $fingerprint }.
event-technician_disconnected = { $technician_id } n’est plus connecté.
event-technician_connect_refused = Une connexion au nom de « { $technician_given } » a été refusée depuis { $address }. { $reason }
event-peers_refused = { $count } autres tentatives depuis { $address } ont été refusées en une minute (minute { $minute } depuis 1970).
event-documents_published = Les documents signés { $repository_is ->
    [site] du site { $site }
   *[other] { $repository }
}, version { $version }, ont été publiés depuis { $address } : { $digest }.
event-documents_refused = Des documents signés { $repository } ont été refusés depuis { $address }. { $reason }
event-ticket_opened = L’hôte { $host_id } a demandé de l’aide : ticket { $ticket }, valable { $seconds } s.
event-ticket_closed = Le ticket { $ticket } de { $host_id } est fermé : { $reason_is ->
    [none] la personne l’a repris.
   *[other] { $reason }
}
event-ticket_tried = { $technician_id } n’a pas pu utiliser le ticket { $ticket }, essais restants : { $tries_left }. { $reason }
event-session_opened = La visite { $session_id } peut commencer : { $technician_id } sur { $host_id }, ticket { $ticket }, { $purpose }, dossier « { $case_reference } ».
event-lane_opened = Visite { $session_id } : le serveur relaie « { $permission } » (demande { $ask }).
event-lane_closed = Visite { $session_id } : le serveur ne relaie plus « { $permission } » (demande { $ask }).
event-watch_opened = Visite { $session_id } : { $watcher_id } l’observe par la visite { $watcher_session } ; le serveur y relaie aussi les images.
event-watch_closed = Visite { $session_id } : { $watcher_id } ne l’observe plus (visite { $watcher_session }).
event-lease_lapsed = Visite { $session_id } : { $host_id } n’a pas renouvelé son bail à temps.
event-host_started = Le programme de l’hôte a démarré, version { $version }.
event-host_stopped = Le programme de l’hôte a été arrêté.
event-log_repaired = La dernière ligne de { $segment } était à moitié écrite ; { $bytes_cut } octets ont été coupés.
event-late_entries = Éléments qui n’ont pas pu être consignés sur le moment et qui suivent ici : { $count }.
event-terms_accepted = { $by } a accepté les conditions { $terms_version } et la destination réseau { $egress_target }.
event-enrolled = Ce PC s’est inscrit sous { $host_id } auprès du serveur { $broker_id }, empreinte { $fingerprint }.
event-broker_connected = Connecté au serveur { $broker_id } (dans l’annuaire : { $listed }).
event-broker_disconnected = La connexion au serveur { $broker_id } est interrompue.
event-broker_refused = La connexion au serveur { $broker_id } n’a pas tenu. { $reason }
event-documents_accepted = Les documents signés { $repository }, version { $version }, ont été acceptés ; en vigueur : { $digest }.
event-site_root_pinned = Un administrateur de ce PC a désigné la racine des documents propres au site, SHA-256 { $digest }.
event-documents_refused_here = Des documents signés envoyés par le serveur n’ont pas été pris. { $reason }
event-site_policy_accepted = Les règles propres au site, version { $version }, sont en vigueur, SHA-256 { $digest }.
event-site_policy_broken = Le fichier des règles propres au site est inutilisable, SHA-256 { $digest }. Personne n’est admis tant qu’il n’est pas corrigé.
event-refusal = « { $about } » a été refusé. { $reason }
event-help_pressed = « Obtenir de l’aide » a été pressé par le compte « { $account } » ({ $login_session }).
event-code_shown = Un code a été affiché : ticket { $ticket }, valable { $seconds } s.
event-return_opened = Après le redémarrage, { $technician_id } peut revenir pendant { $seconds } s sans code lu au téléphone (ticket { $ticket }).
event-return_over = Le retour de { $technician_id } après le redémarrage ne mène nulle part. { $reason }
event-code_tried = Quelqu’un a saisi un code faux pour le ticket { $ticket } ; essais restants : { $tries_left }.
event-code_over = Le code du ticket { $ticket } ne vaut plus rien : { $reason_is ->
    [none] la personne l’a repris.
   *[other] { $reason }
}
event-call_asked = { $technician_id } demande à être appelé par { $host_id } : { $purpose }, dossier « { $case_reference } ».
event-call_delivered = { $host_id } a reçu la demande d’appel de { $technician_id } (affichée à l’écran : { $shown }).
event-call_dropped = La demande d’appel de { $technician_id } à { $host_id } est abandonnée : elle a attendu en vain, ou ne peut plus y être affichée.
event-call_shown = { $name }, { $company } ({ $technician_id }), demande à être appelé : { $purpose }, dossier « { $case_reference } ». Cela n’ouvre rien.
event-calls_put_away = { $count ->
    [one] Une demande d’appel a été rangée.
   *[other] { $count } demandes d’appel ont été rangées.
}
event-session_offered = Visite { $session_id } : { $technician_id } a saisi la première moitié du code (ticket { $ticket }), { $purpose }, dossier « { $case_reference } ».
event-agreement_run = Visite { $session_id } : l’accord de clés { $run } { $reason_is ->
    [none] a été confirmé.
   *[other] a échoué. { $reason }
}
event-identity_proven = Visite { $session_id } : { $technician_id } a prouvé être { $name }, { $company }, avec l’appareil { $fingerprint }.
event-watch_asked = Visite { $session_id } : un code pour une deuxième personne qui observe seulement a été demandé par le compte « { $account } » ({ $login_session }).
event-watch_begun = Visite { $session_id } : { $watcher_id }, { $name }, { $company }, l’observe aussi, par la visite { $watcher_session }.
event-watch_over = Visite { $session_id } : { $watcher_id } ne l’observe plus (visite { $watcher_session }).
event-prompt_shown = Visite { $session_id } : la question a été posée (demande { $ask }, { $permission }, langue { $language }) : { $prompt }
event-injector_blocked = Visite { $session_id } : un « Autoriser » pour la demande { $ask } venait d’un programme et non d’une personne ; il n’a pas compté.
event-capture_started = Visite { $session_id } : l’écran ({ $width } × { $height }) est montré selon la demande { $ask }.
event-clipboard_opened = Visite { $session_id } : « { $permission } » est ouvert selon la demande { $ask }.
event-clipboard_passed = Visite { $session_id } : un texte de { $size } octets passe (« { $permission } », demande { $ask }).
event-clipboard_closed = Visite { $session_id } : « { $permission } » est fermé (demande { $ask }).{ $reason_is ->
    [none] { "" }
   *[other] { " " }{ $reason }
}
event-visit_suspended = Visite { $session_id } : le serveur n’est plus entendu. Rien n’est montré ni commandé tant que cela dure.
event-visit_paused = Visite { $session_id } : la personne devant le PC l’a mise en pause. Rien n’est montré ni commandé.
event-visit_unpaused = Visite { $session_id } : la personne devant le PC l’a laissée continuer.
event-remote_input_waited = Visite { $session_id } : la personne a utilisé la souris ou le clavier, et ceux du technicien ont attendu ({ $count } fois).
event-visit_resumed = Visite { $session_id } : le serveur est de nouveau entendu, et la visite continue.
event-capture_stopped = Visite { $session_id } : l’écran n’est plus montré (demande { $ask }). { $reason_is ->
    [none] { "" }
   *[other] { $reason }
}
event-capture_paused = Visite { $session_id } : rien n’est montré ni commandé pour l’instant (demande { $ask }). { $reason }
event-capture_resumed = Visite { $session_id } : l’écran est de nouveau montré (demande { $ask }).
event-input_started = Visite { $session_id } : la souris et le clavier sont ouverts selon la demande { $ask }.
event-input_stopped = Visite { $session_id } : la souris et le clavier sont fermés (demande { $ask }).
event-input_dropped = Visite { $session_id } : actions de souris ou de clavier non exécutées : { $count }. { $reason }
event-chat_over = Visite { $session_id } : messages écrits : { $to_host } par le technicien, { $to_technician } par la personne devant l’instrument.{ $reason_is ->
    [none] { "" }
   *[other] { " " }La discussion a été fermée. { $reason }
}
event-file_begun = Visite { $session_id } : « { $name } » commence ({ $permission }, demande { $ask }, fichiers : { $files }, { $size } octets, SHA-256 { $digest }).
event-file_whole = Visite { $session_id } : « { $name } » est là en entier et son SHA-256 est { $digest } (demande { $ask }, { $permission }) ; il peut recevoir son nom.
event-file_done = Visite { $session_id } : « { $name } » est arrivé en entier ({ $permission }, demande { $ask }, { $size } octets, SHA-256 { $digest }). Son nom sur ce PC : « { $kept_as } ».
event-file_stopped = Visite { $session_id } : « { $name } » n’est pas arrivé et rien n’en est gardé ({ $permission }, demande { $ask }, après { $moved } octets, SHA-256 { $digest }). { $reason }
event-restart_begun = Visite { $session_id } : ce PC redémarre dans { $seconds } s, sauf si quelqu’un l’arrête (demande { $ask }).
event-restart_not_waiting = Visite { $session_id } : le délai avant le redémarrage est terminé (demande { $ask }).{ $reason_is ->
    [none] { "" }
   *[other] { " " }{ $reason }
}
event-restart_ordered = Visite { $session_id } : le système reçoit l’ordre de redémarrer (demande { $ask }) ; { $technician_id } peut revenir dans les { $seconds } s.
event-restart_failed = Visite { $session_id } : le PC n’a pas redémarré, et personne ne peut revenir sans code (demande { $ask }). { $reason }
event-admission_step = Admission de { $technician_id } sur { $host_id } (ticket { $ticket }), étape { $step } : { $reason_is ->
    [none] franchie.
   *[other] refusée. { $reason }
}
event-asked = Visite { $session_id } : { $technician_id } a demandé à { $permission } sur { $host_id } (demande { $ask }, { $purpose }, dossier « { $case_reference } »).{ $words_is ->
    [none] { "" }
   *[other] { " " }Dans ses mots : « { $words } »
}{ $file_name_is ->
    [none] { "" }
   *[other] { " " }À envoyer : « { $file_name } », { $file_size } octets, SHA-256 { $file_digest }
}
event-answered = Visite { $session_id } : la demande { $ask } ({ $permission }) a été { $answer } sur { $host_id } par le compte « { $account } », nom indiqué « { $stated_name } ». { $reason_is ->
    [none] Elle vaut au plus { $seconds } s.
   *[other] { $reason }
}{ $scope_is ->
    [none] { "" }
    [this] { " " }{ $scope }
   *[other] { " " }{ $scope } (réponse à la demande { $under } ; 0 : à celle-ci)
}{ $file_name_is ->
    [none] { "" }
   *[other] { " " }Fichier « { $file_name } », { $file_size } octets, SHA-256 { $file_digest }
}
event-withdrawn = Visite { $session_id } : { $host_id } a fermé l’autorisation (demande { $ask }) : { $permission }. Parce qu’elle avait servi : { $done }.
event-visit_parted = Visite { $session_id } : la liaison a été coupée. Rien n’est montré ni commandé tant que les deux côtés ne sont pas revenus.
event-visit_rejoined = Visite { $session_id } : les deux côtés sont revenus ({ $number }), et la visite continue.
event-direct_started = Visite { $session_id } : le contenu passe directement (essai { $attempt }), { $host_range_is ->
    [none] à l’intérieur du réseau du site
   *[some] de { $host_range } à { $console_range_is ->
        [none] une adresse du site
       *[some] { $console_range }
    }
}. Le serveur n’en transporte rien.
event-direct_ended = Visite { $session_id } : le contenu repasse par le serveur (essai { $attempt }). { $cause } La voie directe a transporté { $to_technician_bytes } octets vers le technicien et { $to_host_bytes } vers le PC.
event-session_ended = La visite { $session_id } est terminée, par { $by }. { $cause }
event-frame_refused = Quelque chose de { $subject } a été refusé ({ $what }). { $reason }

word-yes = oui
word-no = non

## Faults of a log

fault-altered = L’entrée { $index } a été modifiée.
fault-missing = { $count ->
    [one] L’entrée { $index } manque.
   *[other] Les entrées { $index } à { $last } manquent.
}
fault-out_of_order = L’entrée { $index } n’est pas à la place où elle a été écrite, ou y est deux fois.
fault-unchained = L’entrée { $index } ne découle pas de la précédente : l’une des deux a été ajoutée ou échangée.
fault-unreadable = L’entrée { $index } est illisible.
fault-truncated = { $count ->
    [one] L’entrée { $index } a disparu de la fin.
   *[other] Les entrées { $index } à { $last } ont disparu de la fin.
}
fault-replaced = L’entrée { $index } n’est plus celle dont l’état avait été noté : le journal a été réécrit.
fault-not_as_signed = { $count ->
    [one] L’entrée { $index } n’est pas celle qui a été signée.
   *[other] L’une des entrées { $index } à { $last } n’est pas celle qui a été signée, ou n’est pas à sa place.
}
fault-not_signed = Le point de contrôle sur les { $last } premières entrées n’est pas signé avec la clé de ce journal.
fault-unsigned = { $count ->
    [one] L’entrée { $index } n’est couverte par aucune signature : le détenteur de la clé ne l’a pas écrite.
   *[other] Les entrées { $index } à { $last } ne sont couvertes par aucune signature : le détenteur de la clé ne les a pas écrites.
}
fault-tree_differs = L’arbre conservé à côté du journal ne correspond pas à l’entrée { $index }.

broker-log = le journal du broker
host-log = le journal de l’instrument
difference-unknown_visit = Visite { $session } : l’entrée { $index } dans { $side } en parle, et l’autre journal ne connaît pas cette visite.
difference-no_counterpart = Visite { $session } : l’entrée { $index } dans { $side } doit aussi figurer dans l’autre journal, et n’y est pas.
difference-counterpart_broken = Visite { $session } : ce qui correspond à l’entrée { $index } dans { $side } n’est plus dans l’autre journal : l’entrée { $other } y a été altérée, est illisible ou a été retirée.
difference-says_otherwise = Visite { $session } : l’entrée { $index } dans { $side } dit autre chose que l’entrée { $other } de l’autre journal.
difference-said_twice = Visite { $session } : l’entrée { $index } dans { $side } répète ce que disait l’entrée { $other }.
difference-not_signed = Visite { $session } : l’entrée { $index } dans { $side } n’a pas été signée par celui dont elle dit venir.
difference-words_differ = Visite { $session } : les mots ou la question de l’entrée { $index } dans { $side } ne sont pas ceux qui avaient été scellés.
difference-head_differs = L’entrée { $index } dans { $side } garde un point de contrôle signé, et l’une des { $other } premières entrées de l’autre journal n’est plus ce qu’elle était.
difference-head_beyond = L’entrée { $index } dans { $side } garde un point de contrôle signé sur plus d’entrées que n’en a l’autre journal : il en reste { $other }.
difference-head_not_signed = L’entrée { $index } dans { $side } garde un point de contrôle que l’autre côté n’a pas signé.
difference-head_other_log = L’entrée { $index } dans { $side } garde un point de contrôle d’un autre journal : l’autre journal a été recommencé.
difference-end_elsewhere = Visite { $session } : l’entrée { $index } dans { $side } dit que l’entrée { $other } de l’autre journal y met fin, et ce n’est pas le cas.
difference-watched_otherwise = Visite { $session } : ce que l’entrée { $index } du journal { $side } a autorisé était d’observer une autre visite, ou aucune, selon l’entrée { $other } de l’autre journal.
difference-on_its_way = Visite { $session } : l’entrée { $index } dans { $side } était le dernier mot avant la coupure ; il n’est pas arrivé.
difference-killed = Visite { $session } : après l’entrée { $index } dans { $side }, le programme de l’autre côté s’est arrêté net, ou la copie de son journal a été prise.
difference-let_go = Visite { $session } : ce qui correspond à l’entrée { $index } dans { $side } a été effacé de l’autre journal par la règle de conservation.
difference-own_ends = Visite { $session } : chaque côté a noté la fin lui-même (entrée { $index } dans { $side }, entrée { $other } de l’autre journal).
difference-written_late = Les entrées { $index } à { $other } dans { $side } ont été écrites en retard, après une période où rien ne pouvait être écrit.
difference-acknowledged = Entrée { $index } dans { $side } : le journal a continué autrement ensuite, et une personne nommée en a pris acte.
tail = La visite { $session } n’est pas close : les entrées dans { $side } à partir de { $since } reposent sur la seule parole de ce côté.
compared = { $visits ->
    [one] { $visits } visite commune
   *[other] { $visits } visites communes
}, { $signatures ->
    [one] { $signatures } signature vérifiée
   *[other] { $signatures } signatures vérifiées
} : { $verdict }.
compared-same = les deux journaux disent la même chose
compared-wrong = { $count } en tout

verify-log = Journal { $log } d’un { $side ->
    [broker] broker
   *[host] instrument
}, { $count ->
    [one] { $count } entrée
   *[other] { $count } entrées
} : { $verdict }.
verify-fine = rien à redire
verify-found = { $count ->
    [one] { $count } défaut trouvé
   *[other] { $count } défauts trouvés
}
verify-acknowledged = Une personne nommée en a pris acte : { $finding }
verify-explained = Expliqué : { $difference }
verify-let_go = { $count ->
    [one] Le contenu de l’entrée { $index } a été effacé par la règle de conservation, comme une entrée le dit.
   *[other] Le contenu des entrées { $index } à { $last } a été effacé par la règle de conservation, comme une entrée le dit.
}
verify-signed = { $count ->
    [one] { $count } point de contrôle signé, jusqu’à l’entrée { $index }.
   *[other] { $count } points de contrôle signés, jusqu’à l’entrée { $index }.
}
verify-newer = { $count ->
    [one] { $count } entrée plus récente n’est encore sous aucun.
   *[other] { $count } entrées plus récentes ne sont encore sous aucun.
}
verify-unclosed = La visite { $session } n’est pas close : fin non confirmée à partir de l’entrée { $since }.
verify-head = État : { $head }
verify-receipt = { $known ->
    [yes] Reçu de la visite { $session } : { $verdict }.
   *[no] Reçu : { $verdict }.
}
verify-receipt-fits = il correspond à ce journal
verify-receipt-sound = chaque ligne en est prouvée
verify-receipt-key = { $keys ->
    [host] Vérifié avec la clé de l’instrument, qui a été donnée. Celle du broker est celle pour laquelle l’instrument a signé.
    [broker] Vérifié avec la clé du broker, qui a été donnée. Celle de l’instrument est celle pour laquelle le broker a signé.
    [both] Vérifié avec les deux clés, qui ont été données.
   *[none] Aucune clé n’a été donnée : le reçu n’a été comparé qu’à lui-même, ce que chacun peut écrire ; utilisez --key.
}
key-from-given = Vérifié avec la clé donnée.
key-from-beside = Vérifié avec la clé qui se trouve à côté du journal, ce qui ne prouve rien contre qui pourrait échanger les deux.
key-from-nowhere = Aucune clé n’a été donnée : aucune signature de point de contrôle n’a été vérifiée ; utilisez --key.
proof-good = Oui : l’entrée { $index } de { $origin } ({ $count ->
    [one] { $count } entrée
   *[other] { $count } entrées
}) dit :
proof-bad = Non : { $why }
proof-fault-form = ce n’est pas une preuve d’une forme connue ici.
proof-fault-checkpoint = le point de contrôle n’est pas signé avec cette clé.
proof-fault-place = l’entrée { $index } n’est pas dans ce journal telle qu’elle est ici.
proof-fault-entry = ce qui s’y trouve comme entrée { $index } n’est pas une entrée.
opened-receipt = { $file } : ouvert.
exported = { $count ->
    [one] { $count } entrée dans { $file }.
   *[other] { $count } entrées dans { $file }.
}
streamed = { $count ->
    [one] { $count } entrée envoyée.
   *[other] { $count } entrées envoyées.
}

receipt-strange_key = La clé donnée n’est ni celle de l’instrument ni celle du broker dans le reçu.
receipt-left_out = L’entrée { $index } de ce journal est de la visite, et le reçu l’omet.
receipt-other_digest = L’entrée { $index } de ce journal dit que le broker a signé un autre reçu de cette visite.
receipt-other_session = Le reçu n’est pas celui de la visite annoncée.
receipt-other_log = Le reçu est d’un autre journal que celui-ci.
receipt-log_differs = L’entrée { $index } de ce journal n’est pas celle que montre le reçu.
receipt-log_lacks = L’entrée { $index } du reçu manque dans ce journal.
receipt-log_rewritten = L’une des { $size } premières entrées de ce journal n’est plus ce qu’elle était quand le reçu a été établi.
export-title = Journal { $log }, { $side }
export-copy-title = Copie { $copy } du journal du serveur
export-number = Entrée
export-when = Heure (UTC)
export-suspect = Horloge douteuse
export-event = Événement
export-outcome = Issue
export-what = Ce qui s’est passé
export-fields = Champs
export-nothing = Le contenu de cette entrée a été effacé ou est illisible ; son empreinte reste.

## Défauts d’un reçu

receipt-fault-unreadable = Ce n’est pas un reçu d’une forme connue ici : il a été endommagé ou modifié.
receipt-fault-other_host_key = La clé de l’hôte qui a été donnée n’est pas celle du reçu.
receipt-fault-other_broker_key = La clé du serveur qui a été donnée n’est pas celle du reçu.
receipt-fault-host_checkpoint = Le point de contrôle de l’hôte n’est pas signé par la clé de l’hôte.
receipt-fault-broker_checkpoint = Le point de contrôle du serveur n’est pas signé par la clé du serveur.
receipt-fault-entry_not_proven = L’entrée { $index } ne figure pas dans le journal de l’hôte telle qu’elle figure dans le reçu.
receipt-fault-entry_unreadable = L’entrée { $index } ne peut pas être lue.
receipt-fault-other_visit = L’entrée { $index } appartient à une autre visite, à une autre personne ou à un autre hôte.
receipt-fault-out_of_order = L’entrée { $index } n’est pas à sa place, ou figure deux fois.
receipt-fault-incomplete = Le début ou la fin de la visite manque, ou y est deux fois.
receipt-fault-request_missing = La demande à laquelle répond l’entrée { $index } manque.
receipt-fault-end_not_proven = Le journal du serveur ne montre pas la fin de cette visite.
receipt-fault-request_not_signed = L’entrée { $index } n’a pas été signée par l’appareil du technicien.
receipt-fault-answer_not_signed = L’entrée { $index } n’a pas été signée par l’hôte.
receipt-fault-words_differ = Les mots de l’entrée { $index } ne sont pas ceux qui ont été demandés ou affichés.
receipt-fault-files_differ = La liste des fichiers n’est pas celle des entrées.
receipt-fault-other_device = La clé de l’appareil dans le reçu n’est pas celle qui a été vérifiée.
receipt-fault-not_signed_by_host = L’hôte n’a pas signé ce reçu.
receipt-fault-not_signed_by_broker = Le serveur n’a pas signé ce reçu.

## Reçus

receipt-title = Reçu d’une visite d’assistance
receipt-lead = { $name } ({ $company }) a visité { $instrument }.
receipt-lead-nobody = Quelqu’un a essayé de visiter { $instrument }. Personne n’a été admis.
receipt-verdict-good = Vérifié à la création de cette page : chaque ligne ci-dessous est prouvée, et les deux côtés ont signé.
receipt-verdict-bad = Ne vous fiez pas encore à cette page. À sa création, voici ce qui a été trouvé :
receipt-nothing-asked = Rien n’a été demandé, et rien n’a été autorisé.
receipt-heading-visit = La visite
receipt-heading-parties = Qui a participé
receipt-heading-requests = Ce qui a été demandé et répondu
receipt-heading-files = Fichiers
receipt-heading-no-files = Aucun fichier n’a été échangé.
receipt-file = { $name } ({ $way }, { $size } octets, SHA-256)
receipt-heading-faults = Ce qui a été trouvé
receipt-heading-order = Tout dans l’ordre
receipt-heading-proof = Comment cela se prouve
receipt-heading-entry = Entrée
receipt-heading-time = Heure
receipt-heading-what = Ce qui s’est passé
receipt-foot = Cette page est faite pour être lue. La preuve est le fichier du reçu, que chaperone-audit vérifie sans réseau.
receipt-code-shown = Code affiché
receipt-return-opened = Retour ouvert
receipt-begun = Début de la visite
receipt-ended = Fin de la visite
receipt-cause = Comment elle a pris fin
receipt-duration = Durée
receipt-minutes = { $minutes } min { $seconds } s
receipt-session = Numéro de la visite
receipt-why = Raison donnée
receipt-role-technician = Technicien
receipt-role-host = PC de l’instrument
receipt-role-broker = Service d’assistance
receipt-not-proven = Non prouvé
receipt-company = Société
receipt-id = Numéro
receipt-id-given = Numéro donné
receipt-device = Empreinte de l’appareil
receipt-site = Site
receipt-fingerprint = Empreinte de la clé
receipt-vendor = Fournisseur
receipt-asked-at = Demandé
receipt-words = Avec ses propres mots
receipt-shown = Ce que la personne a lu, mot pour mot (langue : { $language })
receipt-answered-at = Répondu
receipt-answered-by = Répondu par
receipt-stated = compte « { $account } », nom « { $name } » (déclaré, non vérifié)
receipt-stated-account = compte « { $account } » (déclaré, non vérifié)
receipt-reason = Pourquoi
receipt-at-most = Pour au plus
receipt-withdrawn-at = Repris
receipt-suspect = { $time } (horloge incertaine)
receipt-log-host = Journal du PC de l’instrument
receipt-log-broker = Journal du service d’assistance
receipt-root = Racine
receipt-entries = { $origin }, { $count } entrées
receipt-no-checkpoint = illisible
receipt-entry-broker = Entrée de la fin de la visite dans le journal du service
receipt-signed-host = Signé par le PC de l’instrument
receipt-signed-broker = Signé par le service d’assistance
receipt-digest = SHA-256 du reçu
receipt-line-code_shown = Un code a été affiché (ticket { $ticket }, valable { $seconds } s).
receipt-line-return_opened = Après le redémarrage, { $technician_id } pouvait revenir pendant { $seconds } s (ticket { $ticket }).
receipt-line-code_tried = Un code faux a été saisi ; il restait { $tries_left } essais.
receipt-line-code_over = Le code ne valait plus rien. { $reason_is ->
    [none] La personne l’a retiré.
   *[other] { $reason }
}
receipt-line-session_offered = { $technician_id } a saisi la première moitié du code : { $purpose }, dossier « { $case_reference } ».
receipt-line-agreement_run = La seconde moitié du code { $reason_is ->
    [none] était juste : les deux bouts se sont accordés sur une clé.
   *[other] était fausse, ou l’essai a été interrompu. { $reason }
}
receipt-line-identity_proven = { $technician_id } a prouvé être { $name }, { $company }.
receipt-line-admission_step = { $reason_is ->
    [none] La règle d’admission { $step } était remplie.
   *[other] La règle d’admission { $step } n’était pas remplie. { $reason }
}
receipt-rules-met = Les règles d’admission { $first } à { $last } étaient remplies.
receipt-line-asked = Demande { $ask } : { $permission }.
receipt-line-prompt_shown = Demande { $ask } : la question a été posée à la personne.
receipt-line-answered = Demande { $ask } : { $answer }.
receipt-line-withdrawn = Demande { $ask } : l’autorisation « { $permission } » a été reprise.
receipt-line-injector_blocked = Demande { $ask } : un « Autoriser » venait d’un programme, non d’une personne, et n’a pas compté.
receipt-line-capture_started = L’écran est montré ({ $width } × { $height }).
receipt-line-capture_paused = Rien n’est montré ni commandé pour l’instant.
receipt-line-capture_resumed = L’écran est de nouveau montré.
receipt-line-capture_stopped = L’écran n’est plus montré.
receipt-line-watch_asked = Un code pour une deuxième personne qui observe seulement a été demandé sur ce PC.
receipt-line-watch_begun = { $name }, { $company } observe aussi, sans rien pouvoir faire d’autre (visite { $watcher_session }).
receipt-line-watch_over = La deuxième personne n’observe plus (visite { $watcher_session }).
receipt-line-input_started = La souris et le clavier du technicien atteignent ce PC.
receipt-line-input_stopped = La souris et le clavier du technicien n’atteignent plus ce PC.
receipt-line-visit_paused = La personne a mis la visite en pause : rien n’est montré ni commandé.
receipt-line-visit_unpaused = La personne a laissé la visite continuer.
receipt-line-restart_begun = Demande { $ask } : le PC redémarre dans { $seconds } s, sauf si quelqu’un l’arrête.
receipt-line-restart_not_waiting = Demande { $ask } : le délai avant le redémarrage est terminé.
receipt-line-restart_ordered = Demande { $ask } : le système a reçu l’ordre de redémarrer ; { $technician_id } peut revenir dans les { $seconds } s, et l’autorisation est redemandée.
receipt-line-restart_failed = Demande { $ask } : le PC n’a pas redémarré. { $reason }
receipt-line-visit_suspended = Le service d’assistance ne répondait plus : rien n’est montré ni commandé.
receipt-line-visit_parted = La connexion a été coupée : rien n’est montré ni commandé.
receipt-line-visit_rejoined = Les deux côtés sont revenus, et la visite continue.
receipt-line-visit_resumed = Le service d’assistance répond de nouveau.
receipt-line-refusal = Refusé : { $about }. { $reason }
receipt-line-session_ended = La visite est terminée. { $cause }

## Host: windows and terminal of the desk

desk-title = Chaperone
desk-get-help = Obtenir de l’aide
desk-call = { $name }, { $company } : { $purpose }, dossier { $case }
desk-calls-title = { $count ->
    [one] Merci d’appeler votre assistance
   *[other] Merci d’appeler votre assistance : { $count } demandes
}
desk-calls-what = Appelez le numéro que vous connaissez, et appuyez sur « Obtenir de l’aide » quand on vous le demande. Cet avis n’ouvre rien.
desk-calls-what-no-keys = Appelez le numéro que vous connaissez. Cet avis n’ouvre rien.
desk-calls-read = Compris
desk-get-help-hint = Appuyez ici, puis lisez le code au téléphone à votre technicien.
desk-this-pc = Ce PC : { $name }
desk-vendor = Assistance : { $vendor }
desk-fingerprint = Empreinte de ce PC : { $fingerprint }
online-connecting = Connexion au service d’assistance…
online-ready = Prêt
online-new = Inscrit. Le service d’assistance n’a pas encore ajouté ce PC à sa liste.
online-refused = Le service d’assistance n’accepte pas ce PC.
online-doubted = Les visites sont arrêtées pour le moment.
desk-code-title = Votre code d’assistance
desk-code-read = Lisez ce code au technicien, au téléphone.
desk-code-nobody = Personne ne peut voir votre écran avant que vous ne disiez oui ici.
desk-code-left = Valable encore { $minutes }:{ $seconds }
desk-code-cancel = Annuler
desk-attempt = Quelqu’un a saisi un code erroné. { $left ->
    [one] Il reste { $left } essai.
   *[other] Il reste { $left } essais.
}
desk-code-over = Ce code ne vaut plus rien.
desk-code-new = Nouveau code
desk-admitted = Code accepté. Vérification de l’identité du demandeur…
desk-prompt-title = Chaperone demande votre autorisation
desk-prompt-left = { $seconds ->
    [one] { $seconds } seconde pour répondre. Sans réponse, c’est non.
   *[other] { $seconds } secondes pour répondre. Sans réponse, c’est non.
}
desk-allow = Autoriser
desk-refuse = Refuser
desk-allow-file = Ce fichier
desk-allow-all-files = Tous les fichiers de la visite
desk-files-title = Chaperone : fichiers en cours
desk-file-file_to_host = Réception : { $name }
desk-file-file_from_host = Envoi : { $name }
desk-file-progress = { $percent } % · { $rate } Mo/s
desk-file-left = { $progress } · reste { $minutes }:{ $seconds }
desk-file-waits = En attente de la ligne. Le transfert reprend de lui-même à son retour.
desk-file-cancel = Annuler
desk-pick-reading = Calcul de son SHA-256 : { $percent } %
desk-pick-title = Que faut-il envoyer ?
desk-pick-folder = Choisir un dossier…
desk-pick-file = Choisir un fichier…
desk-restart-title = Ce PC redémarre
desk-restart-left = { $seconds ->
    [one] Encore { $seconds } seconde.
   *[other] Encore { $seconds } secondes.
}
desk-restart-save = Enregistrez ce qui est ouvert, et vérifiez qu’aucune mesure n’est en cours.
desk-restart-stop = Annuler le redémarrage
desk-returning-title = Ce PC a redémarré
desk-returning-who = { $technician }, { $company } peut revenir.
desk-returning-asked = Votre accord est redemandé avant que quelqu’un voie cet écran.
desk-returning-left = Encore { $minutes }:{ $seconds }
desk-returning-nobody = Personne d’autre ne peut s’en servir, et personne ne peut voir votre écran avant que vous ne disiez oui ici.
desk-returning-cancel = Refuser le retour
desk-prompt-injected = Seuls la souris ou le clavier de ce PC peuvent autoriser cela.
desk-prompt-unproven = Ce PC ne distingue pas l’appui d’une personne de celui d’un programme : cela ne peut donc pas être autorisé ici.
desk-banner-title = Chaperone : visite en cours
desk-banner = { $technician }, { $company } { $state } · { $clock }
desk-banner-ending = { $technician }, { $company } { $state } · fin dans { $seconds } s
desk-banner-idle = { $technician } · aucune activité · fin dans { $seconds } s
banner-direct = { $state }, sans sortir du réseau
banner-viewing = VOIT VOTRE ÉCRAN
banner-controlling = COMMANDE CE PC
banner-asked = EST CONNECTÉ, ne voit rien
banner-paused = EN PAUSE par vous, ne voit rien
banner-waiting = VOUS ATTEND
banner-suspended = DÉCONNECTÉ, ne voit rien
banner-unmasked = EN PAUSE, un masque ne peut pas être posé, ne voit rien
banner-locked = EN PAUSE tant que l’écran est verrouillé, ne voit rien
desk-send-clipboard = Envoyer le presse-papiers
desk-end = Terminer
desk-end-hint = Terminer la visite maintenant (Ctrl+Alt+Fin)
desk-second = 2e pers.
desk-second-hint = Laisser une deuxième personne observer : vous lui lisez un code à elle, et rien n’est vu avant votre accord
desk-second-title = Laisser une deuxième personne observer
desk-second-what = Lisez ce code à la deuxième personne, par exemple au supérieur ou au formateur de l’agent. Elle verra ce que voit l’agent et ne pourra rien faire d’autre. Votre accord est demandé d’abord.
desk-second-watching = { $name }, { $company } OBSERVE aussi
desk-second-stop = Ne plus observer
desk-second-stop-hint = { $name } n’observe plus. La visite continue
desk-second-nobody = Aucune deuxième personne n’observe.
desk-take-back = Reprendre la main
desk-take-back-hint = La souris et le clavier ne sont de nouveau qu’à vous (Ctrl+Alt+Inser)
desk-take-back-more = Reprendre…
desk-take-back-more-hint = Reprendre une des choses que vous avez autorisées
desk-pause = Pause
desk-pause-hint = Rien n’est montré ni commandé avant que vous ne continuiez (Ctrl+Alt+Pause)
desk-resume = Continuer
desk-resume-hint = Laisser la visite continuer
desk-keep-open = Garder ouverte
desk-keep-open-hint = La visite continue même si personne n’a rien fait depuis un moment
desk-summary-title = La visite est terminée
desk-summary-close = Fermer
desk-banner-messages = { $unread ->
    [0] Messages
   *[other] ● Messages : { $unread } non lus
}
desk-banner-messages-short = { $unread ->
    [0] Messages
   *[other] ● { $unread }
}
desk-chat-title = Messages avec { $technician }
desk-chat-told = Ce qui a été écrit pendant cette visite
desk-chat-field = Écrivez un message. Entrée l’envoie.
desk-chat-send = Envoyer
desk-chat-close = Fermer
desk-chat-you = Vous
desk-chat-too-long = Ce message est trop long. Envoyez-le en plusieurs parties.
desk-chat-injected = Seuls le clavier et la souris de ce PC peuvent écrire ici.
desk-chat-closed = Plus rien ne peut être écrit pendant cette visite. { $reason }
desk-terminal-chat = Vous pouvez écrire à { $technician } : m, une espace, votre message, Entrée.
desk-terminal-keys = h + Entrée : obtenir de l’aide   c + Entrée : annuler le code   r + Entrée : ranger une demande d’appel   p + Entrée : pause ou continuer   w + Entrée : laisser une deuxième personne observer, ou l’arrêter   t + Entrée : reprendre la main   e + Entrée : terminer la visite
desk-terminal-no-keys = Pas de clavier ici : rien ne peut être pressé, et les demandes expirent sans réponse.
desk-terminal-idle = Personne n’a rien fait depuis un moment : la visite se termine dans { $seconds } s. k + Entrée : la garder ouverte
desk-terminal-allow-word = autoriser
desk-terminal-answer = Tapez « { $word } » puis Entrée pour autoriser. Tout autre mot, ou Entrée seule, refuse.
desk-terminal-answer-all = { $how } Tapez « { $word } » pour autoriser tous les fichiers jusqu’à la fin de la visite.
desk-terminal-all-word = tous
desk-terminal-file-keys = Tapez « x » puis Entrée pour annuler ce fichier.
desk-terminal-answered-pick = Vous avez choisi : { $path }. Son SHA-256 est en cours de calcul.
desk-terminal-pick = Tapez le chemin complet du fichier ou du dossier puis Entrée pour le choisir ; toute autre saisie refuse.
desk-terminal-restart-keys = Tapez « s » puis Entrée pour arrêter le redémarrage.
desk-terminal-restart-over = Le compte à rebours est terminé.
desk-terminal-returning-keys = Tapez « c » puis Entrée si cette personne ne doit pas revenir.
desk-terminal-too-early = C’était trop tôt : lisez d’abord, répondez ensuite.
desk-terminal-answered-allow = Vous avez autorisé.
desk-terminal-answered-allow_all = Vous avez autorisé tous les fichiers de cette visite.
desk-terminal-answered-refuse = Vous avez refusé.
desk-terminal-unknown = Ce programme ne connaît pas cette touche.

## Prompts

prompt-view = { $name } de { $company } demande à voir cet écran.
prompt-watch = { $name } de { $company } demande à observer { $technician } sur cet écran.
prompt-control = { $name } de { $company } demande à utiliser la souris et le clavier ici.
prompt-file_to_host = { $name } de { $company } demande à envoyer un fichier à ce PC.
prompt-file_from_host = { $name } de { $company } vous demande de lui envoyer un fichier de ce PC.
prompt-clipboard_to_host = { $name } de { $company } demande à mettre du texte dans le presse-papiers de ce PC.
prompt-clipboard_from_host = { $name } de { $company } demande du texte que vous copiez ici.
prompt-restart = { $name } de { $company } demande à redémarrer ce PC.
prompt-who = Qui : { $name }, { $company }. Vérifié dans la liste signée par le responsable de la sécurité du service d’assistance.
prompt-instrument = Instrument : { $instrument }
prompt-why = Pourquoi : { $purpose }, dossier { $case }
prompt-words = Avec ses propres mots : « { $words } »
prompt-means-view = Si vous autorisez : cette personne voit tout ce qui est à l’écran, comme vous, jusqu’à ce que vous mettiez fin à la visite.
prompt-means-watch = Si vous autorisez : cette personne voit tout cet écran aussi longtemps que l’agent. Elle ne pourra jamais rien y faire ; vous pouvez l’arrêter seule.
prompt-means-control = Si vous autorisez : cette personne peut cliquer et écrire comme vous sur cet écran. Vous voyez tout ce qu’elle fait.
prompt-means-file_to_host = Si vous autorisez : il est placé dans le dossier « Chaperone » de ce PC sous un nom à lui, jamais à la place d’un autre fichier. Rien ne l’ouvre, ne le décompresse ni ne l’exécute.
prompt-means-file_from_host = Si vous autorisez : cette personne reçoit une copie de ceci exactement, tel qu’il est maintenant.
prompt-means-restart = Si vous autorisez : ce PC redémarre après { $seconds } secondes, et vous pouvez annuler jusque-là. Ce qui n’est pas enregistré est perdu, et une mesure de l’instrument en cours peut être interrompue : enregistrez et regardez d’abord.
prompt-not-run = Non autorisé par ceci : ouvrir ou exécuter le fichier, écrire ailleurs sur ce PC.
prompt-not-read = Non autorisé par ceci : lire un fichier de ce PC.
prompt-not-other-files = Non autorisé par ceci : lire un autre fichier ou parcourir les dossiers.
prompt-not-see-again = Ensuite, la même personne peut revenir pendant dix minutes, mais ne voit rien avant que votre accord soit redemandé et que vous disiez oui.
prompt-file-name = Fichier : { $name }
prompt-file-folder = Type : dossier de { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}
prompt-file-kind = Type : { $kind }
prompt-file-size = Taille : { $size } ({ $bytes } octets)
prompt-file-digest = SHA-256 : { $digest }
prompt-file-program = Ce type de fichier (.{ $kind }) peut s’exécuter comme un programme quand on l’ouvre. Ne l’autorisez que si vous l’attendez.
prompt-means-clipboard_to_host = Si vous autorisez : ce qui est envoyé remplace le contenu du presse-papiers de ce PC. Rien n’est saisi ; vous le collez où vous voulez.
prompt-means-clipboard_from_host = Si vous autorisez : quand on vous le demande, vous pouvez appuyer sur « Envoyer le presse-papiers » dans le bandeau. Seul un texte copié à partir de maintenant est envoyé, et seulement alors.
prompt-not-clipboard = Non autorisé par ceci : lire ce que contient le presse-papiers maintenant, prendre ou envoyer des fichiers, revenir plus tard.
prompt-file-left-out = Laissés de côté dans ce dossier, car ce ne sont pas de simples fichiers ou leur nom ne peut pas être transmis : { $count }
prompt-pick-file_from_host = Choisissez vous-même le fichier ou le dossier. Choisir n’envoie rien : la question vous est posée une seconde fois, avec son nom et son SHA-256.
prompt-not-control = Non autorisé par ceci : utiliser la souris ou le clavier, prendre ou envoyer des fichiers, lire le presse-papiers, revenir plus tard.
prompt-not-files = Non autorisé par ceci : prendre ou envoyer des fichiers, lire le presse-papiers, revenir plus tard.
prompt-not-prompts = Cette personne ne peut pas répondre aux questions de Chaperone à votre place.
prompt-end-any-time = Vous pouvez mettre fin à la visite à tout moment.
summary-who = Visiteur : { $name }, { $company }
summary-duration = Durée : { $minutes }:{ $seconds }
summary-answer = Demande « { $permission } » : { $answer }
summary-log = Tout ce qui a été demandé et répondu est dans le journal de ce PC.

## Policy documents

policy-fault = { $file }, ligne { $line } : { $what }
policy-fault-in-rule = { $file }, ligne { $line }, règle « { $rule } » : { $what }
policy-fault-not_toml = Ce n’est pas du TOML : { $found }.
policy-fault-too_long = Le document est trop long : { $found }, et { $wanted } au plus sont lus.
policy-fault-unknown_key = « { $found } » n’est pas une clé ici. Il y a : { $wanted }.
policy-fault-key_missing = « { $found } » manque.
policy-fault-wrong_type = « { $key } » doit être { $wanted ->
    [table] une table
    [tables] une liste de tables, chacune sous son propre [[{ $key }]]
    [list] une liste
    [number] un nombre entier
    [date] une date, avec ou sans heure, sans guillemets
   *[text] un texte entre guillemets
}, et il y a ici { $found }.
policy-fault-out_of_bounds = « { $key } » vaut { $found } et doit être dans { $wanted }.
policy-fault-not_plain = « { $key } » a des blancs à ses bouts ou des signes invisibles : { $found }.
policy-fault-not_in_list = « { $key } » ne peut pas être « { $found } ». Sont possibles : { $wanted }.
policy-fault-names_nothing = « { $key } » est vide et ne conviendrait à rien. Remplissez-le ou supprimez-le.
policy-fault-said_twice = « { $key } » nomme { $found } deux fois.
policy-fault-name_taken = La règle de la ligne { $found } porte déjà ce nom.
policy-fault-not_hours = « { $key } » doit ressembler à 08:00-18:00, et il y a ici « { $found } ».
policy-fault-hours_backwards = « { $key } » finit avant de commencer : { $found }. Écrivez une nuit en deux : 22:00-24:00 et 00:00-06:00.
policy-fault-not_a_minute = « { $key } » doit être une minute entière à l’heure locale, sans fuseau à elle : { $found }.
policy-fault-dates_backwards = « { $key } » finit avant de commencer.
policy-fault-zone_unknown = Il n’y a pas de fuseau horaire « { $found } ». Écrivez-le comme Europe/Paris.
policy-fault-mask_unclear = Un masque désigne des fenêtres (« title », « window_class », « program ») ou une « region » : l’un des deux, et pas les deux.
policy-fault-not_a_range = « { $key } » doit ressembler à 10.0.0.0/8 : la première adresse de la plage, et le nombre de bits fixes. Il y a ici « { $found } ».
policy-fault-range_closed = « { $key } » nomme { $found }, qui contient des adresses de cette machine même, d’un seul câble ou de tout le monde à la fois. Le contenu n’y va jamais.
policy-fault-site_alone = « { $key } » n’est à dire que par le site. Un fournisseur peut garder le contenu sur le relais avec [relay_only].
policy-mask = Caché à tous les techniciens : « { $rule } » ({ $file }, ligne { $line }).
policy-direct = Contenu ici : { $mode ->
    [never] par le serveur, scellé. Il n’y a pas de voie directe.
    [allow] directement entre { $ranges }, ou scellé par le serveur tant que la voie directe n’est pas établie.
    [only] directement entre { $ranges }, et jamais par le serveur.
   *[no_way] nulle part, car une règle ferme le passage par le serveur et une autre la voie directe. Personne ne peut faire de visite.
}
policy-direct-word = { $says ->
    [allow] { $file } dit direct = "allow".
    [only] { $file } dit direct = "only".
    [relay_only] { $file } nomme cet instrument sous [relay_only].
   *[never] { $file } dit direct = "never", ou rien, ce qui revient au même.
}

policy-unknown = { $file }, ligne { $line }, règle « { $rule } » : les documents signés ne connaissent pas « { $found } », la règle ne convient donc à personne.

policy-asked = { $technician } demande à { $host } : { $permission }, { $moment }.
policy-conclusion-allowed = Permis, si la personne devant l’instrument dit oui.
policy-conclusion-denied = Refusé. { $reason }
policy-until = Cela prend fin par le temps seul à { $moment }.
policy-training-allowed = La formation pour cette région est valable.
policy-training-denied = Il n’y a pas de formation valable pour cette région.
policy-listed-allowed = Les documents signés nomment l’instrument.
policy-listed-denied = Les documents signés ne nomment pas l’instrument.
policy-black_out-allowed = Pas de suspension.
policy-black_out-denied = Suspension « { $rule } » ({ $file }, ligne { $line }) : { $text }
policy-group-allowed = Le groupe de l’instrument est l’un de ceux du technicien.
policy-group-denied = Le groupe de l’instrument n’est aucun de ceux du technicien.
policy-phi-allowed = Aucune donnée de santé ne ferme cela ici.
policy-phi-denied = Il peut y avoir des données de santé sur cet instrument : c’est donc fermé, quoi que dise une règle.
policy-offered-allowed = Cette version sait le faire.
policy-offered-denied = Cette version ne sait pas le faire.
policy-vendor-allowed = Le fournisseur le permet par la règle « { $rule } » ({ $file }, ligne { $line }).
policy-vendor-denied = Le fournisseur le refuse par la règle « { $rule } » ({ $file }, ligne { $line }).
policy-vendor-closed = La règle « { $rule } » du fournisseur ({ $file }, ligne { $line }) le permettrait, mais pas à cette heure.
policy-vendor-silent = Aucune règle du fournisseur ne le permet ({ $file }).
policy-site-allowed = Le site le permet par la règle « { $rule } » ({ $file }, ligne { $line }).
policy-site-denied = Le site le refuse par la règle « { $rule } » ({ $file }, ligne { $line }).
policy-site-closed = La règle « { $rule } » du site ({ $file }, ligne { $line }) le permettrait, mais pas à cette heure.
policy-site-silent = Aucune règle du site ne le permet ({ $file }).
policy-carrier-allowed = Le contenu a une voie pour passer.
policy-carrier-denied = Le site ne laisse passer le contenu que directement, et ceci devrait passer par le serveur.
policy-carrier-silent = Le contenu n’a aucune voie : une règle ferme le passage par le serveur, et une autre la voie directe.

## Host

terms-version = 2026-11
terms-title = Avant que ce PC puisse recevoir de l’aide
terms-body =
    Chaperone permet à un agent d’assistance de { $vendor } de voir l’écran de ce PC et d’en utiliser la souris et le clavier,
    seulement tant que quelqu’un devant ce PC a dit oui à exactement cela. Chaque demande et chaque réponse est enregistrée ici
    et au service d’assistance. Personne ne peut se connecter sans un code créé ici. Vous pouvez retirer Chaperone à tout moment.
terms-data-title = Voici tout ce qui peut quitter ce PC :
terms-data-1 = Son nom, son modèle, son site et sa clé publique, et s’il peut contenir des données de santé.
terms-data-2 = Qu’il est en ligne, et que quelqu’un a demandé de l’aide.
terms-data-3 = Pendant une visite, chacun après un oui qui lui est propre : des images de l’écran, et des fichiers que quelqu’un ici a choisis. Les deux sont scellés pour le seul navigateur de l’agent d’assistance.
terms-data-4 = Chaque demande et chaque réponse : qui, quand, quelle permission, quel compte était connecté ici. Ni noms de fichiers ni frappes.
terms-data-5 = Le texte de chaque question telle qu’elle a été montrée, scellé pour le seul agent d’assistance.
terms-egress = Il ne parle qu’à une seule adresse : { $target } (TLS, sortant). Il n’écoute sur aucun port.
terms-accept = Tapez le nom de l’administrateur qui accepte ceci pour { $host }, ou laissez vide pour arrêter :

## Console

console-loading = Un instant…
console-broken = Cette console est mal configurée : ses réglages sont illisibles. Prévenez la personne qui s’en occupe.
console-unreachable = Le service d’assistance ne répond pas. Vérifiez votre réseau et réessayez.
console-language = Langue
console-sign-out = Se déconnecter
console-sign-out-everywhere = Se déconnecter partout
console-continue = Continuer
console-cancel = Annuler
console-retry = Réessayer maintenant
console-use-here = Utiliser celui-ci
console-back = Retour à mes instruments

console-sign-in-title = Connexion
console-sign-in-lead = Pour les techniciens d’assistance. Gardez votre application d’authentification à portée de main.
console-sign-in-name = Nom de connexion
console-password = Mot de passe
console-totp = Code de votre application d’authentification
console-totp-hint = Six chiffres. Chaque code ne sert qu’une fois.
console-sign-in = Se connecter

console-invitation-title = Bienvenue dans Chaperone
console-invitation-for = Invitation pour { $name }, { $company }.
console-step-password = Mot de passe
console-step-factor = Second facteur
console-step-device = Ce navigateur
console-new-password = Choisissez un mot de passe
console-new-password-again = Le même mot de passe, encore une fois
console-passwords-differ = Les deux ne sont pas encore identiques.
console-show-password = Afficher ce que je tape
password-short = Au moins { $shortest } caractères. Plusieurs mots se retiennent mieux que des signes.
password-long = C’est plus long que ce que l’on peut utiliser. Raccourcissez-le.
password-simple = Trop peu de caractères différents. Prenez plutôt des mots.
password-close = Trop proche de votre nom. Prenez des mots sans rapport avec vous.
password-classes = Il faut à la fois des minuscules, des majuscules, des chiffres et d’autres signes.
password-good = C’est suffisant.
console-factor-scan = Scannez ceci avec votre application d’authentification, puis saisissez le code affiché. Vous ne le verrez qu’une fois.
console-factor-qr = Code QR pour votre application d’authentification
console-factor-secret = Si vous ne pouvez pas le scanner, saisissez cette clé dans l’application :
console-device-title = Dernière étape : prévenez votre responsable
console-device-read = Lisez ceci à votre responsable, qui le compare et le fait signer. D’ici là, ce navigateur ne peut pas servir.
console-device-why = C’est l’empreinte d’une clé qui ne quitte jamais ce navigateur. Personne ne peut agir à votre place depuis un autre.
console-device-done = Je l’ai lue
console-device-none = Vous n’avez pas de clé dans ce navigateur. Utilisez celui où vous avez accepté l’invitation, ou demandez-en une nouvelle.
console-fingerprint = Empreinte de la clé de ce navigateur

console-call = Demander un appel
console-call-at = Demander un appel à { $instrument }
console-call-lead = Les personnes près de cet instrument lisent votre nom et la raison, maintenant ou quand le PC sera allumé. Rien n’est ouvert : elles vous appellent et appuient sur « Obtenir de l’aide ».
console-call-send = Demander
console-call-sending = Demande en cours …
console-call-waiting = La demande attend le PC de l’instrument, un jour au plus.
console-call-shown = La demande est affichée à l’écran de l’instrument.
console-instruments = Mes instruments
console-instruments-none = Aucun instrument ne vous est encore attribué. Un administrateur peut y remédier.
console-phi = Données de santé
link-connecting = Connexion au service d’assistance…
link-open = Connecté. Le service d’assistance a prouvé son identité.
link-lost = Non connecté. Nouvel essai automatique.
link-replaced = Vous utilisez maintenant Chaperone dans un autre onglet ou une autre fenêtre : celui-ci s’est arrêté.
control-version = Le service d’assistance parle une autre version que cette page. Rechargez la page ; si cela ne suffit pas, prévenez la personne qui s’en occupe.
control-no-documents = Le service d’assistance n’a pas encore de documents signés. Il faut les publier.
control-documents-invalid = Les documents ne sont pas ceux qui ont été signés. Ce service n’est pas utilisé ; signalez-le.
control-documents-stale = Les documents signés sont plus anciens qu’avant, ou ont expiré. Il faut les signer et les publier à nouveau.
control-broker-unproven = Le service d’assistance n’a pas pu prouver qu’il est le bon. Il n’est pas utilisé ; signalez-le.

console-log-seen = Son journal de { $entries } entrées concorde avec ce que ce navigateur avait vu.
console-log-title = Alerte : le journal du service d’assistance a été modifié
console-log-lead = Chaque visite est inscrite dans un journal qui ne peut que s’allonger. Ce que le service d’assistance en montre à présent ne concorde pas avec ce que ce navigateur avait vu.
console-log-sizes = Il avait { $held } entrées alors, et { $given } à présent.
console-log-what = Prévenez un administrateur de vive voix ou par téléphone, sans passer par ce service, et transmettez-lui les deux textes ci-dessous : ils en sont la preuve. D’ici là, aucune visite ne commence depuis ce navigateur.
console-log-held = Ce que ce navigateur avait vu
console-log-given = Ce qui lui a été montré à présent
console-log-nothing = Rien encore.
console-log-copy = Copier
console-log-copied = Copié
console-log-believe = J’ai prévenu l’administrateur. Se fier désormais à ce journal.

console-help-title = Aider quelqu’un
console-help-lead = Demandez à la personne devant l’instrument d’appuyer sur « Obtenir de l’aide » et de vous lire le code.
console-code = Code d’assistance
console-code-hint = Les quatre derniers caractères restent dans ce navigateur. O et 0, I et 1 peuvent être confondus.
console-purpose = Motif
console-case = Votre référence de dossier
console-words = Avec vos mots
console-words-hint = La personne devant l’instrument lit ceci. Personne entre vous deux ne le peut. Vous pouvez laisser vide.
console-claim = Demander à aider
console-claiming = Vérification du code…
console-factor-title = Confirmez votre second facteur
console-use-recovery = Utiliser un code de secours
console-use-app = Utiliser l’application d’authentification
console-recovery-code = Code de secours
console-recovery-code-hint = Seize lettres et chiffres de votre feuille. Chaque code ne sert qu’une fois.
console-recovery-title = Codes de secours
console-recovery-why = Chacun vous laisse entrer une fois si vous perdez votre application d’authentification. Vous les voyez cette seule fois : imprimez-les ou gardez-les dans un gestionnaire de mots de passe, pas à côté de votre mot de passe.
console-recovery-copy = Copier
console-recovery-print = Imprimer
console-recovery-copied = Copié.
console-recovery-left = { $left ->
    [0] Il n’en reste aucun. Créez-en de nouveaux.
    [one] Il en reste un.
   *[other] Il en reste { $left }.
}
console-recovery-used = { $left ->
    [0] Vous êtes entré avec votre dernier code de secours. Créez-en de nouveaux et réglez votre application d’authentification sous « Mon compte ».
    [one] Vous êtes entré avec un code de secours ; il en reste un. Réglez votre application d’authentification sous « Mon compte ».
   *[other] Vous êtes entré avec un code de secours ; il en reste { $left }. Réglez votre application d’authentification sous « Mon compte ».
}
console-recovery-new = Créer de nouveaux codes de secours
console-recovery-made = Voici vos nouveaux codes. Les anciens ne valent plus rien.
console-trail-open = Journal
console-trail-title = Journal
console-trail-lead = Ce qui s’est passé, dans la mesure où cela vous concerne et où vous pouvez le voir. Le journal dit aussi qui l’a lu.
console-trail-since = Depuis
console-trail-until = Jusqu’à
console-trail-person = Personne
console-trail-device = Instrument
console-trail-kind = Type d’événement
console-trail-look = Afficher
console-trail-all = Tout afficher
console-trail-unclear = On ne peut pas savoir qui ou quoi est visé. Choisissez dans la liste ou tapez l’identifiant, qui commence par t- ou h-.
console-trail-empty = Rien dans le journal ne correspond.
console-trail-count = { $count ->
    [one] 1 entrée, la plus récente d’abord
   *[other] { $count } entrées, les plus récentes d’abord
 }
console-trail-newest = Les plus récentes
console-trail-older = Plus anciennes
console-trail-when = Heure
console-trail-what = Ce qui s’est passé
console-trail-number = Entrée
console-trail-refused = refusé
console-trail-ended = terminé
console-trail-suspect = horloge incertaine
console-trail-only = N’afficher que ce type
console-copy-title = Emporter une copie
console-copy-lead = Des entrées que le filtre laisse passer, jusqu’à maintenant. Une autre personne doit l’approuver ; vous pouvez ensuite la retirer une fois, dans la journée.
console-copy-form = Forme
console-copy-jsonl = Lignes JSON, pour des programmes
console-copy-csv = Tableau (CSV)
console-copy-html = Page (HTML)
console-copy-pdf = À imprimer (PDF)
console-copy-propose = Proposer une copie
console-copy-proposed = Proposée. Demandez à une personne qui en a le droit de l’approuver ici.
console-copy-own = Copies que vous avez proposées
console-copy-one = { $form }
console-copy-fetch = Retirer
console-copy-fetched = La copie a été remise.
console-copy-waiting = Copies que d’autres veulent emporter
console-copy-of = { $form }, proposée par { $name }
console-copy-everything = Tout ce que cette personne peut lire
console-copy-approve = Approuver
console-copy-approved = Approuvée.
console-copy-decline = Refuser
console-copy-declined = Refusée.
documents-older = Les documents signés datent d’une version antérieure de Chaperone : { $file } ne nomme aucune clé d’auditeur. Qui signe pour le fabricant lance « chaperone-keys auditor set » (ou « auditor none »), puis « chaperone-keys publish ». Un hôte qui a gardé les anciens prend les nouveaux une fois son dossier « documents » supprimé.
console-own-open = Mon compte
console-own-title = Mon compte
console-password-now = Votre mot de passe actuel
console-password-change = Changer le mot de passe
console-password-changed = Votre mot de passe est changé. Partout ailleurs où vous étiez connecté, vous ne l’êtes plus.
console-app-title = Application d’authentification
console-app-new = Régler une autre application
console-app-replaced = À partir de maintenant, la nouvelle application compte.

visit-step-waiting = Connexion
visit-step-agreeing = Vérification du code
visit-step-asking = Demande à la personne
visit-opening = Ouverture de la connexion…
visit-waiting = La première moitié du code est juste. En attente de l’instrument…
visit-agreeing = Vérification de la seconde moitié du code avec l’instrument…
visit-retype = La seconde moitié était fausse. { $left ->
    [0] Il ne reste aucun essai.
    [one] Il reste { $left } essai.
   *[other] Il reste { $left } essais.
}
visit-proving = Le code est juste. Les deux côtés prouvent leur identité…
visit-asking = On demande à la personne devant l’instrument si vous pouvez voir l’écran. Elle a une minute pour répondre.
visit-viewing = Vous regardez
visit-controlling = Vous commandez
visit-held = La personne a la main
visit-reconnecting = Déconnecté
visit-reconnecting-long = La connexion a été coupée. Rien n’est montré ni commandé. De nouvelles tentatives ont lieu pendant 90 secondes au plus ; ce qui a été autorisé le reste.
visit-paused = En pause
visit-paused-long = L’image est en pause à l’instrument. Rien de ce que vous faites n’y arrive.
visit-carrier-direct = Le contenu va directement à l’instrument
visit-carrier-relay = Le contenu passe par le service d’assistance
visit-carrier-waiting = Le contenu attend une connexion directe
visit-carrier-waiting-long = Le contenu ne peut aller que directement à l’instrument, et il n’y a pas de connexion directe en ce moment. D’ici là, rien de nouveau n’est montré et rien de ce que vous faites n’arrive.
console-retype = Quatre derniers caractères
console-retype-hint = Faites-les relire, lettre par lettre.
console-elapsed = Durée de cette visite
console-scale-actual = Taille réelle
console-scale-fit = Ajuster à la fenêtre
console-monitors = Écrans
console-monitors-all = Tous
console-monitors-all-long = Montrer tous les écrans
console-monitor = Montrer l’écran { $number }
console-monitor-first = Montrer l’écran { $number }, le principal
console-chat-open = { $unread ->
    [0] Messages
   *[other] ● Messages : { $unread } non lus
}
console-chat-title = Messages
console-chat-lines = Ce qui a été écrit pendant cette visite
console-chat-you = Vous
console-chat-field = Écrire à la personne devant l’instrument
console-chat-send = Envoyer
console-chat-too-long = Ce message est trop long. Envoyez-le en plusieurs parties.
console-chat-apart = Rien n’arrive à l’instrument en ce moment. Renvoyez le message quand la liaison sera rétablie.
console-chat-closed = Rien ne peut être écrit pendant cette visite. { $reason }
console-clipboard-open = Presse-papiers
console-clipboard-title = Presse-papiers
console-clipboard-ask-to = Demander à mettre du texte dans son presse-papiers
console-clipboard-ask-from = Demander du texte qui y est copié
console-clipboard-asking = La question est posée à la personne devant l’instrument.
console-clipboard-refused = Non autorisé : { $reason }
console-clipboard-withdrawn = Ce droit a été repris. Vous pouvez le redemander.
console-clipboard-paste = Coller sur l’hôte
console-clipboard-field = Ou appuyez sur Ctrl + V ici
console-clipboard-put-sent = En route…
console-clipboard-put-there = { $letters } caractères sont dans le presse-papiers de l’instrument. Rien n’a été saisi.
console-clipboard-put-refused = Le texte n’a pas pu être mis dans le presse-papiers de l’instrument.
console-clipboard-put-too_long = Ce texte est trop long. Envoyez-le en plusieurs parties.
console-clipboard-put-nothing = Il n’y a pas de texte à coller.
console-clipboard-put-denied = Votre navigateur n’a pas laissé cette page lire le presse-papiers. Appuyez sur Ctrl + V dans le champ.
console-clipboard-fetch = Récupérer
console-clipboard-fetch-asked = La personne voit maintenant « Envoyer le presse-papiers ». Demandez-lui de copier le texte et d’y appuyer.
console-clipboard-fetch-here = Ceci a été copié sur l’instrument :
console-clipboard-copy = Copier
console-clipboard-copied = Copié.
console-clipboard-away = Ranger
clipboard-missing-1 = Rien n’y a été copié depuis l’autorisation. Demandez à la personne de copier le texte, puis récupérez à nouveau.
clipboard-missing-2 = Le contenu de son presse-papiers n’est pas du texte.
clipboard-missing-3 = Le contenu de son presse-papiers est trop long.
clipboard-missing-4 = La personne ne l’a pas envoyé.
console-control = Demander la commande
console-files = Fichiers
console-closed = Fermé pendant cette visite : { $what }. { $reason }
closed-control = souris et clavier
closed-files = fichiers
closed-file_to_host = fichiers vers l’instrument
closed-file_from_host = fichiers depuis l’instrument
closed-clipboard = presse-papiers
closed-clipboard_to_host = texte vers son presse-papiers
closed-clipboard_from_host = texte de son presse-papiers
closed-restart = redémarrage
console-files-drop = Déposez ici des fichiers ou des dossiers à envoyer au PC de l’instrument. La personne sur place est consultée pour chacun.
console-files-pick = Choisir des fichiers…
console-files-pick-folder = Choisir un dossier…
console-files-clear = Effacer les terminés
console-file-progress = Progression de { $name }
console-file-cancel-one = Annuler { $name }
console-file-rate = { $rate } Mo/s
console-file-left = { $rate } · reste { $left }
console-file-kb = { $size } ko
console-file-mb = { $size } Mo
file-hashing = Calcul de son SHA-256
file-waiting = En attente de son tour
file-asking = La personne près de l’instrument est consultée
file-moving = En route
file-parted = En attente de la ligne ; le transfert reprend de lui-même
file-done = Arrivé en entier
console-files-need = Depuis le PC de l’instrument
console-files-need-ask = Demander
console-file-save = Enregistrer de nouveau { $name }
console-save-again = Enregistrer de nouveau
file-picking = La personne devant l’instrument le choisit, puis répond
file-checking = Vérification de son SHA-256
way-file_to_host = Vers le PC de l’instrument
way-file_from_host = Depuis le PC de l’instrument
console-control-asking = Demande de commande…
console-control-held = Vous avez la commande
console-end = Terminer
console-keep-open = Garder ouverte
console-view-only = Vous voyez l’écran. Pour utiliser souris et clavier, demandez la commande.
console-watched = { $name }, { $company } observe aussi
console-watching = Vous observez { $name }
console-watch-how = Vous observez { $name }, { $company }. Vous voyez ce que cette personne voit ; votre souris et votre clavier ne font rien ici.
console-watch-end = Ne plus observer
console-view-only-click = Vous ne faites que regarder : ce clic n’a rien fait. Demandez d’abord la commande.
console-control-asking-long = On demande à la personne devant l’instrument si vous pouvez utiliser souris et clavier.
console-control-how = Cliquez sur l’image pour y taper. Ctrl + Alt + Début (Home) quitte l’image.
console-control-refused = Pas de commande. { $reason }
console-control-withdrawn = La commande a été reprise à l’instrument. Vous voyez encore l’écran.
console-restart = Demander un redémarrage
console-restart-asking = Demande de redémarrage…
console-restart-waiting = Redémarrage autorisé
console-restart-asking-long = On demande à la personne sur place si le PC peut être redémarré.
console-restart-waiting-long = Le PC redémarre dans un instant, sauf si quelqu’un sur place l’arrête. Vous revenez à une nouvelle demande pour l’écran.
console-restart-refused = Pas de redémarrage. { $reason }
console-restart-withdrawn = Le redémarrage a été arrêté. Vous voyez toujours l’écran.
console-returning-title = { $host } redémarre
console-returning-waits = Vous revenez automatiquement quand il est de nouveau en ligne et que quelqu’un y a ouvert sa session, jusqu’à { $until }. Laissez cette page ouverte. La personne sur place est consultée de nouveau avant que vous voyiez quoi que ce soit.
console-returning-claims = Il est de nouveau en ligne. Retour en cours…
console-returning-failed = Vous ne pouvez pas revenir automatiquement. Demandez un nouveau code à la personne sur place.
console-returning-drop = Ne pas revenir
console-screen-viewed = Écran de { $host }, en lecture seule
console-screen-controlled = Écran de { $host }, sous votre commande
console-keys = Clavier de l’instrument. Ctrl + Alt + Début (Home) le quitte.

console-summary-title = Visite à { $host }
console-summary-duration = Durée
console-summary-no-picture = Aucune image n’a été montrée
console-summary-receipt =
    Le PC de l’instrument établit un reçu de cette visite ({ $session }) : ce qui a été demandé et en quels mots, les réponses, la fin, et le nom et le SHA-256 de chaque fichier transmis. Les deux
    journaux en prouvent chaque ligne. Il se trouve à l’instrument : demandez-le sur place (chaperone-host receipts). Avec lui et une clé publique, chaperone-audit verify le vérifie.
console-summary-refused = { $answer }. { $reason }
answer-open = sans réponse pour l’instant
answer-withdrawn = accordé, puis repris
