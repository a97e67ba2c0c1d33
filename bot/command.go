package bot

// Command is one entry of a network's command menu. Name has no leading slash.
type Command struct {
	Name        string
	Description string
}
