package bot

// Chats is how many chats a Pace remembers.
func (p *Pace) Chats() int { return len(p.chats) }
