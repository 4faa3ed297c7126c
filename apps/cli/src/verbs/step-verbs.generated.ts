// Made from the steps of libs/scenario by "npm run verbs -w @isesim/cli"; not written by hand.
import type { VerbDescription } from '@isesim/scenario';

export const stepVerbs: readonly VerbDescription[] = [
  {
    "verb": "guest create",
    "does": "create a guest at a sponsor portal; the PSN that serves it mails the credentials",
    "examples": [
      "isesim guest create --email ana@guest.example",
      "isesim guest create --node psn-1 --portal sponsor --type Contractor --email ana@guest.example --valid-for 5d"
    ],
    "argument": "email",
    "flags": [
      {
        "field": "email",
        "kind": "text",
        "describes": "The guest's mail address",
        "required": true
      },
      {
        "field": "node",
        "kind": "node",
        "describes": "The PSN that serves the portal. Default: the first that runs"
      },
      {
        "field": "portal",
        "kind": "portal",
        "describes": "Default: the first of its kind"
      },
      {
        "field": "type",
        "kind": "guestType",
        "describes": "Default: the first guest type"
      },
      {
        "field": "validFor",
        "kind": "duration",
        "describes": "How long the account is valid. Default: the longest of the guest type"
      },
      {
        "field": "firstName",
        "kind": "text",
        "describes": "The guest's first name"
      },
      {
        "field": "lastName",
        "kind": "text",
        "describes": "The guest's last name"
      },
      {
        "field": "sponsor",
        "kind": "sponsor",
        "describes": "Who creates the guest. Default: the first sponsor"
      }
    ]
  },
  {
    "verb": "guest self-register",
    "does": "register as a guest at a self-registration portal",
    "examples": [
      "isesim guest self-register --email ben@guest.example --first-name Ben --last-name Meyer",
      "isesim guest self-register --node psn-2 --portal self-registered --email ben@guest.example"
    ],
    "argument": "email",
    "flags": [
      {
        "field": "email",
        "kind": "text",
        "describes": "The guest's mail address",
        "required": true
      },
      {
        "field": "node",
        "kind": "node",
        "describes": "The PSN that serves the portal. Default: the first that runs"
      },
      {
        "field": "portal",
        "kind": "portal",
        "describes": "Default: the first of its kind"
      },
      {
        "field": "type",
        "kind": "guestType",
        "describes": "Default: the first guest type"
      },
      {
        "field": "validFor",
        "kind": "duration",
        "describes": "How long the account is valid. Default: the longest of the guest type"
      },
      {
        "field": "firstName",
        "kind": "text",
        "describes": "The guest's first name"
      },
      {
        "field": "lastName",
        "kind": "text",
        "describes": "The guest's last name"
      }
    ]
  },
  {
    "verb": "guest resend",
    "does": "send a guest the credentials again, as a sponsor; the PSN that serves the portal mails them",
    "examples": [
      "isesim guest resend ana@guest.example",
      "isesim guest resend ana@guest.example --node psn-2 --copy-me --summary --sponsor-email sponsor@contoso.example"
    ],
    "argument": "guest",
    "flags": [
      {
        "field": "guest",
        "kind": "text",
        "describes": "The guest: user name, mail address, id, or what `as` called one before",
        "required": true
      },
      {
        "field": "node",
        "kind": "node",
        "describes": "The PSN that serves the sponsor portal. Default: the first that runs"
      },
      {
        "field": "copyMe",
        "kind": "true",
        "describes": "Copy me: the sponsor gets what the guest gets"
      },
      {
        "field": "summary",
        "kind": "true",
        "describes": "Send me a summary: the sponsor gets the account as the list shows it"
      },
      {
        "field": "sponsorEmail",
        "kind": "text",
        "describes": "Sponsor's Email address. Default: that of the sponsor who made the account"
      }
    ]
  },
  {
    "verb": "guest reset-password",
    "does": "give a guest a new password, as a sponsor; the primary PAN writes it, and the PSN that serves the portal mails it",
    "examples": [
      "isesim guest reset-password ana@guest.example",
      "isesim guest reset-password ana4702 --node psn-2"
    ],
    "argument": "guest",
    "flags": [
      {
        "field": "guest",
        "kind": "text",
        "describes": "The guest: user name, mail address, id, or what `as` called one before",
        "required": true
      },
      {
        "field": "node",
        "kind": "node",
        "describes": "The PSN that serves the sponsor portal. Default: the first that runs"
      }
    ]
  },
  {
    "verb": "alarm raise",
    "does": "raise an alarm on a node; the active MnT mails it",
    "examples": [
      "isesim alarm raise --name \"High Load Average\"",
      "isesim alarm raise --name \"Health Status Unavailable\" --node psn-1 --severity Critical --details \"no heartbeat for 15 minutes\""
    ],
    "argument": "name",
    "flags": [
      {
        "field": "name",
        "kind": "text",
        "describes": "The name of the alarm",
        "required": true
      },
      {
        "field": "node",
        "kind": "node",
        "describes": "The node that raises it. Default: the first that runs"
      },
      {
        "field": "severity",
        "kind": "word",
        "describes": "How bad it is. Default: Warning",
        "choices": [
          "Critical",
          "Warning",
          "Info"
        ]
      },
      {
        "field": "details",
        "kind": "text",
        "describes": "What the alarm says"
      }
    ]
  },
  {
    "verb": "portal test-mail",
    "does": "send the test mail of a portal page, as an administrator does; it comes from the primary PAN",
    "examples": [
      "isesim portal test-mail --to admin@contoso.example",
      "isesim portal test-mail --portal self-registered --to admin@contoso.example"
    ],
    "argument": "to",
    "flags": [
      {
        "field": "portal",
        "kind": "portal",
        "describes": "The portal whose page it is. Default: the first"
      },
      {
        "field": "to",
        "kind": "text",
        "describes": "Who gets it",
        "required": true
      }
    ]
  },
  {
    "verb": "smtp set",
    "does": "edit the draft of the SMTP Server page; once tested, where it has OAuth, \"smtp save\" makes it a revision that replicates",
    "examples": [
      "isesim smtp set --connection-timeout 30s",
      "isesim smtp set --client-secret-file secret.txt    (\"-\" reads standard input)",
      "ISESIM_CLIENT_SECRET=… isesim smtp set"
    ],
    "flags": [
      {
        "field": "host",
        "kind": "host",
        "describes": "SMTP server"
      },
      {
        "field": "port",
        "kind": "value",
        "describes": "SMTP port"
      },
      {
        "field": "connectionTimeout",
        "kind": "number",
        "describes": "How long to wait for the server; a bare number counts seconds, as in ISE"
      },
      {
        "field": "tls",
        "kind": "true",
        "describes": "Use TLS/SSL encryption"
      },
      {
        "field": "authentication",
        "kind": "word",
        "describes": "How the node proves who it is; a map as in a topology says the same",
        "choices": [
          "none",
          "password",
          "exchange-online-oauth"
        ]
      },
      {
        "field": "emailAddress",
        "kind": "text",
        "describes": "The mailbox that authenticates"
      },
      {
        "field": "clientId",
        "kind": "text",
        "describes": "Application (client) ID"
      },
      {
        "field": "tenantId",
        "kind": "text",
        "describes": "Directory (tenant) ID"
      },
      {
        "field": "clientSecret",
        "kind": "text",
        "describes": "Client secret",
        "secret": "ISESIM_CLIENT_SECRET",
        "beside": [
          "authentication",
          "emailAddress",
          "clientId",
          "tenantId",
          "expiryDate"
        ]
      },
      {
        "field": "expiryDate",
        "kind": "date",
        "describes": "The secret's, as the administrator types it"
      },
      {
        "field": "username",
        "kind": "text",
        "describes": "User name, for `password`"
      },
      {
        "field": "password",
        "kind": "text",
        "describes": "Password",
        "secret": "ISESIM_SMTP_PASSWORD",
        "beside": [
          "authentication",
          "username"
        ]
      }
    ]
  },
  {
    "verb": "smtp test",
    "does": "test the draft of the SMTP Server page: a token, a connection, a login, and no mail; it proves the way of the primary PAN alone",
    "examples": [
      "isesim smtp test",
      "isesim smtp test --trace",
      "isesim smtp test --node psn-2    (a probe with the settings that psn-2 holds; ISE has none)"
    ],
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "A probe from this node with the settings that it holds, which ISE has not: nothing can be saved by it. Default: ISE's own test, on the primary PAN"
      },
      {
        "field": "trace",
        "kind": "true",
        "describes": "Tell what happens on the way: names, connections, certificates, token, dialogue; secrets masked"
      }
    ]
  },
  {
    "verb": "smtp save",
    "does": "save the draft of the SMTP Server page: one revision, which every node follows; OAuth settings must have been tested as they are",
    "examples": [
      "isesim smtp save"
    ],
    "flags": []
  },
  {
    "verb": "proxy set",
    "does": "let tokens and mail of every node go through a proxy: one revision that replicates",
    "examples": [
      "isesim proxy set --host proxy.contoso.example --port 8080",
      "isesim proxy set --host proxy.contoso.example --port 8080 --bypass login.microsoftonline.com"
    ],
    "flags": [
      {
        "field": "host",
        "kind": "host",
        "describes": "The proxy. Any name leads to the deployment's own proxy, which leads to Entra ID and Exchange Online",
        "required": true
      },
      {
        "field": "port",
        "kind": "value",
        "describes": "Its port",
        "required": true
      },
      {
        "field": "bypass",
        "kind": "host",
        "describes": "Hosts and domains that are reached without it. Default: none"
      }
    ]
  },
  {
    "verb": "proxy clear",
    "does": "let tokens and mail of every node go the direct way again",
    "examples": [
      "isesim proxy clear"
    ],
    "flags": []
  },
  {
    "verb": "trusted-certificate import",
    "does": "import a certificate into the Trusted Certificates page, or give one that is there other roles; one revision that replicates",
    "examples": [
      "isesim trusted-certificate import --certificate entra-root --roles infrastructure",
      "isesim trusted-certificate import --certificate exchange-root --roles infrastructure,endpoints"
    ],
    "argument": "certificate",
    "flags": [
      {
        "field": "certificate",
        "kind": "word",
        "describes": "The root of Entra ID or that of Exchange Online",
        "choices": [
          "entra-root",
          "exchange-root"
        ],
        "required": true
      },
      {
        "field": "roles",
        "kind": "words",
        "describes": "What it is trusted for; infrastructure is trust for authentication within ISE. Default: infrastructure"
      }
    ]
  },
  {
    "verb": "trusted-certificate remove",
    "does": "remove a certificate from the Trusted Certificates page; one revision that replicates",
    "examples": [
      "isesim trusted-certificate remove entra-root"
    ],
    "argument": "certificate",
    "flags": [
      {
        "field": "certificate",
        "kind": "text",
        "describes": "Its name",
        "required": true
      }
    ]
  },
  {
    "verb": "guest-email set",
    "does": "change Guest Email Settings: one revision that replicates",
    "examples": [
      "isesim guest-email set --from guests@contoso.example",
      "isesim guest-email set --enabled false",
      "isesim guest-email set --use-sponsor-address true"
    ],
    "flags": [
      {
        "field": "enabled",
        "kind": "true",
        "describes": "Whether guests get mail at all"
      },
      {
        "field": "from",
        "kind": "text",
        "describes": "Default From address"
      },
      {
        "field": "useSponsorAddress",
        "kind": "true",
        "describes": "Whether a sponsored guest's mail comes from the sponsor's own address"
      }
    ]
  },
  {
    "verb": "alarm-settings set",
    "does": "change Alarm Notification: one revision that replicates",
    "examples": [
      "isesim alarm-settings set --from alarms@contoso.example",
      "isesim alarm-settings set --additional-recipients noc@contoso.example,duty@contoso.example",
      "isesim alarm-settings set --client-secret-days 60,14 --client-secret-daily false"
    ],
    "flags": [
      {
        "field": "from",
        "kind": "text",
        "describes": "From address of alarms"
      },
      {
        "field": "additionalRecipients",
        "kind": "names",
        "describes": "Who gets every alarm, besides administrators who asked for them; all of them, empty for none"
      },
      {
        "field": "clientSecretDays",
        "kind": "numbers",
        "describes": "Days before its Expiry Date on which the alarm is raised that the client secret is about to expire"
      },
      {
        "field": "clientSecretDaily",
        "kind": "true",
        "describes": "From the last of these days on it is raised every day"
      }
    ]
  },
  {
    "verb": "password-policy set",
    "does": "change how people are reminded of passwords that expire: one revision that replicates",
    "examples": [
      "isesim password-policy set --from passwords@contoso.example",
      "isesim password-policy set --reminders daily"
    ],
    "flags": [
      {
        "field": "from",
        "kind": "text",
        "describes": "From of reminders; empty for the default From address of guest mail"
      },
      {
        "field": "reminders",
        "kind": "word",
        "describes": "One reminder for a password, or one each day until it expires",
        "choices": [
          "once",
          "daily"
        ]
      }
    ]
  },
  {
    "verb": "log-level set",
    "does": "set how much a component says in a node's guest.log",
    "examples": [
      "isesim log-level set --node psn-1 --component guestaccess --level DEBUG",
      "isesim log-level set --node ise-1 --component guest-access-admin --level INFO"
    ],
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Whose log: that of the node which sends the mail in question",
        "required": true
      },
      {
        "field": "component",
        "kind": "word",
        "describes": "Which component",
        "choices": [
          "guestaccess",
          "guest-access-admin"
        ],
        "required": true
      },
      {
        "field": "level",
        "kind": "word",
        "describes": "What it says, and all that is more important",
        "choices": [
          "ERROR",
          "WARN",
          "INFO",
          "DEBUG"
        ],
        "required": true
      }
    ]
  },
  {
    "verb": "backup",
    "does": "write configuration and accounts into a file, without the SMTP server settings and without any secret",
    "examples": [
      "isesim backup ise.json",
      "isesim backup - > ise.json"
    ],
    "argument": "file",
    "flags": [
      {
        "field": "file",
        "kind": "text",
        "describes": "The file. In a scenario a relative path begins in the deployment's own folder, which goes with it",
        "required": true
      }
    ]
  },
  {
    "verb": "restore",
    "does": "put a backup in place of configuration and accounts; the SMTP Server page is empty afterwards",
    "examples": [
      "isesim restore ise.json",
      "isesim restore - < ise.json"
    ],
    "argument": "file",
    "flags": [
      {
        "field": "file",
        "kind": "text",
        "describes": "The file. In a scenario a relative path begins in the deployment's own folder",
        "required": true
      }
    ]
  },
  {
    "verb": "m365",
    "does": "administer the simulated tenant in Microsoft's words: a cmdlet, or a script of several",
    "examples": [
      "isesim m365 Get-ServicePrincipal",
      "isesim m365 'Get-MailboxPermission no-reply@contoso.onmicrosoft.com | fl'",
      "isesim m365 --file prepare-tenant.ps1",
      "isesim m365                                   (a PS> prompt; exit leaves it)"
    ],
    "argument": "command",
    "flags": [
      {
        "field": "command",
        "kind": "text",
        "describes": "PowerShell; the services are connected already",
        "required": true
      },
      {
        "field": "session",
        "kind": "text",
        "describes": "Variables last from one command of a session to the next. Default: a session of its own"
      }
    ]
  },
  {
    "verb": "clock advance",
    "does": "move simulated time by a duration or to a date, with all that falls due on the way",
    "examples": [
      "isesim clock advance 3d",
      "isesim clock advance 2026-02-10",
      "isesim clock advance --to 2026-02-10T09:00:00Z"
    ],
    "argument": "when",
    "flags": [
      {
        "field": "by",
        "kind": "duration",
        "describes": "How far"
      },
      {
        "field": "to",
        "kind": "date",
        "describes": "Until when; what is due then is done too"
      }
    ]
  },
  {
    "verb": "node kill",
    "does": "end a node at once, as a power cut does",
    "examples": [
      "isesim node kill psn-1"
    ],
    "argument": "node",
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Which node",
        "required": true
      }
    ]
  },
  {
    "verb": "node start",
    "does": "start a node that is not running; it sends what it still owes",
    "examples": [
      "isesim node start psn-1"
    ],
    "argument": "node",
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Which node",
        "required": true
      }
    ]
  },
  {
    "verb": "node restart",
    "does": "stop a node in order and start it again",
    "examples": [
      "isesim node restart psn-1"
    ],
    "argument": "node",
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Which node",
        "required": true
      }
    ]
  },
  {
    "verb": "node pause",
    "does": "stop a node where it is, as SIGSTOP does; \"isesim heal\" lets it go on",
    "examples": [
      "isesim node pause psn-1"
    ],
    "argument": "node",
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Which node",
        "required": true
      }
    ]
  },
  {
    "verb": "node promote",
    "does": "make the secondary PAN the primary one; its duty and what the former one owes move to it",
    "examples": [
      "isesim node promote ise-2"
    ],
    "argument": "node",
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "The secondary PAN",
        "required": true
      }
    ]
  },
  {
    "verb": "fault isolate",
    "does": "cut a node off from the other nodes, the configuration and the duties; it keeps its own outbox and Microsoft 365",
    "examples": [
      "isesim fault isolate ise-1"
    ],
    "argument": "node",
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Which node",
        "required": true
      }
    ]
  },
  {
    "verb": "fault add",
    "does": "let something go wrong between a node and a host, or at Microsoft 365, until \"heal\"",
    "examples": [
      "isesim fault add --node psn-2 --to smtp.office365.com --fault timeout",
      "isesim fault add --to login.microsoftonline.com --fault slow --delay 3s",
      "isesim fault add --node psn-2 --to nats --fault slow --delay 3s",
      "isesim fault add --fault exchange-421 --count 2"
    ],
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "The node that meets it. Default: every node"
      },
      {
        "field": "to",
        "kind": "text",
        "describes": "The host, by the name that ISE uses, or `nats` for the way to the other nodes; not for faults of Microsoft 365"
      },
      {
        "field": "fault",
        "kind": "word",
        "describes": "What goes wrong",
        "choices": [
          "timeout",
          "slow",
          "loss",
          "reset",
          "hang",
          "wrong-dns",
          "untrusted",
          "token-429",
          "token-503",
          "exchange-421",
          "exchange-432",
          "exchange-451"
        ],
        "required": true
      },
      {
        "field": "delay",
        "kind": "text",
        "describes": "`slow`: how much later, as 3s. Default: 10s"
      },
      {
        "field": "rate",
        "kind": "number",
        "describes": "`loss`: the share that is lost, at most 1. Default: 0.1"
      },
      {
        "field": "after",
        "kind": "word",
        "describes": "`reset`: when the connection is asked for, or once a message has gone out. Default: connect",
        "choices": [
          "connect",
          "data"
        ]
      },
      {
        "field": "address",
        "kind": "text",
        "describes": "`wrong-dns`: the address that the name leads to. Default: it is not found"
      },
      {
        "field": "count",
        "kind": "value",
        "describes": "Faults of Microsoft 365: so many times. Default: until healed"
      },
      {
        "field": "stage",
        "kind": "word",
        "describes": "`exchange-…`: at which step it answers so",
        "choices": [
          "connect",
          "auth",
          "mail",
          "rcpt",
          "data"
        ]
      },
      {
        "field": "retryAfter",
        "kind": "text",
        "describes": "`token-…`: what Entra ID says in Retry-After, as 30s"
      }
    ]
  },
  {
    "verb": "heal",
    "does": "end faults, isolation and pauses; a killed node stays dead",
    "examples": [
      "isesim heal",
      "isesim heal --node psn-2",
      "isesim heal --to smtp.office365.com"
    ],
    "flags": [
      {
        "field": "node",
        "kind": "node",
        "describes": "Only what meets this node. Default: all"
      },
      {
        "field": "to",
        "kind": "text",
        "describes": "Only faults on the way to this host, or `nats`. Default: all"
      }
    ]
  }
];
