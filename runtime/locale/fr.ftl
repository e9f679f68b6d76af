
## Host: windows and terminal of the desk

desk-title = Chaperone
desk-get-help = Obtenir de l’aide
desk-get-help-hint = Appuyez ici, puis lisez le code au téléphone à votre technicien.
desk-this-pc = Ce PC : { $name }
desk-vendor = Assistance par { $vendor }
desk-fingerprint = Empreinte de ce PC : { $fingerprint }
online-connecting = Connexion au service d’assistance…
online-ready = Prêt
online-new = Inscrit. Le service d’assistance n’a pas encore ajouté ce PC à sa liste.
online-refused = Le service d’assistance n’accepte pas ce PC.
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
desk-prompt-injected = Seuls la souris ou le clavier de ce PC peuvent autoriser cela.
desk-prompt-unproven = Ce PC ne distingue pas l’appui d’une personne de celui d’un programme : cela ne peut donc pas être autorisé ici.
desk-banner-title = Chaperone : visite en cours
desk-banner = { $technician }, { $company } { $state } · { $clock }
desk-banner-ending = { $technician }, { $company } { $state } · fin dans { $seconds } s
banner-viewing = VOIT VOTRE ÉCRAN
banner-controlling = COMMANDE CE PC
banner-asked = EST CONNECTÉ, ne voit rien
desk-end = Terminer
desk-end-hint = Terminer la visite maintenant (Ctrl+Alt+Fin)
desk-summary-title = La visite est terminée
desk-summary-close = Fermer
desk-terminal-keys = h + Entrée : obtenir de l’aide   c + Entrée : annuler le code   e + Entrée : terminer la visite
desk-terminal-no-keys = Pas de clavier ici : rien ne peut être pressé, et les demandes expirent sans réponse.
desk-terminal-allow-word = autoriser
desk-terminal-answer = Tapez « { $word } » puis Entrée pour autoriser. Tout autre mot, ou Entrée seule, refuse.
desk-terminal-too-early = C’était trop tôt : lisez d’abord, répondez ensuite.
desk-terminal-answered-allow = Vous avez autorisé.
desk-terminal-answered-refuse = Vous avez refusé.
desk-terminal-unknown = Ce programme ne connaît pas cette touche.
