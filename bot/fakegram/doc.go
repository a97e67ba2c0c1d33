// Package fakegram is a simulated Telegram: the Bot API server on one side,
// people with phones on the other. The demo, the transcripts, the crash tests
// and the load tests run on it.
//
// It knows the Bot API's own table of methods and types ([Server] refuses what
// the table does not know), Telegram's limits, and what every person saw. It
// never knows employees, reports, or the bot that talks to it.
//
//	bot ── HTTP /bot<token>/<method> ──▶ decode ─▶ table ─▶ faults ─▶ method ─▶ Chat
//	                                                                             │
//	bot ◀─ getUpdates or webhook ─ queue of updates ◀─ Person, Group ◀───────────┘
//
// An update stays in the queue until the bot confirms it:
//
//	pushed ─▶ waiting ─▶ delivered ─▶ confirmed   (a higher offset, or a 2xx)
//	             ▲           │
//	             └───────────┘  asked again with the old offset, or no 2xx
//
// # Stricter than Telegram
//
// Telegram ignores unknown fields; fakegram refuses them. Every refused call
// that a careful bot would never have made is kept in [Server.Violations], so
// a test ends with "no violations". parse_mode, rich messages and photos by
// URL are not simulated and count as violations too. Message ids count from 1
// in each chat, as in supergroups: two chats share ids, so a bot that forgets
// the chat is found out.
//
// # Time
//
// [Config.Now] dates messages and drives limits. Waiting itself (long polls,
// delays, the webhook's back-off) uses timers, so it also runs in a
// testing/synctest bubble.
//
// # Memory
//
// A chat keeps its last [Config.KeepMessages] messages (all by default: about
// 1 KB each). Besides, the server keeps the unconfirmed updates, the last 4,096
// updates for [Server.Redeliver], the last 65,536 taps, [Config.KeepCalls]
// calls, 1,024 violations, and [Config.KeepFileBytes] of files.
package fakegram
