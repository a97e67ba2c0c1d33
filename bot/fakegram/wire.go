package fakegram

// The types of the Bot API that the server writes. Field names are the table's.

type apiUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// apiMe is the user of getMe, with what only getMe tells.
type apiMe struct {
	apiUser
	CanJoinGroups   bool `json:"can_join_groups"`
	CanReadAllGroup bool `json:"can_read_all_group_messages"`
	InlineQueries   bool `json:"supports_inline_queries"`
	ConnectBusiness bool `json:"can_connect_to_business"`
	HasMainWebApp   bool `json:"has_main_web_app"`
}

type apiChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
}

// apiChatFull is the answer of getChat: the required fields of ChatFullInfo.
type apiChatFull struct {
	apiChat
	AccentColor   int             `json:"accent_color_id"`
	MaxReactions  int             `json:"max_reaction_count"`
	AcceptedGifts map[string]bool `json:"accepted_gift_types"`
}

// Entity marks a part of a text. Offset and Length count UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

type apiMessage struct {
	MessageID       int64          `json:"message_id"`
	From            *apiUser       `json:"from,omitempty"`
	Chat            apiChat        `json:"chat"`
	Date            int64          `json:"date"`
	EditDate        int64          `json:"edit_date,omitempty"`
	ReplyTo         *apiMessage    `json:"reply_to_message,omitempty"`
	Text            string         `json:"text,omitempty"`
	Entities        []Entity       `json:"entities,omitempty"`
	Album           string         `json:"media_group_id,omitempty"`
	Photo           []apiPhoto     `json:"photo,omitempty"`
	Document        *apiDocument   `json:"document,omitempty"`
	Sticker         *apiSticker    `json:"sticker,omitempty"`
	Voice           *apiVoice      `json:"voice,omitempty"`
	Location        *apiLocation   `json:"location,omitempty"`
	Contact         *apiContact    `json:"contact,omitempty"`
	Caption         string         `json:"caption,omitempty"`
	CaptionEntities []Entity       `json:"caption_entities,omitempty"`
	NewMembers      []apiUser      `json:"new_chat_members,omitempty"`
	LeftMember      *apiUser       `json:"left_chat_member,omitempty"`
	MigrateTo       int64          `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom     int64          `json:"migrate_from_chat_id,omitempty"`
	ReplyMarkup     map[string]any `json:"reply_markup,omitempty"`
}

// apiGone stands for a tapped message that was deleted: InaccessibleMessage.
type apiGone struct {
	Chat      apiChat `json:"chat"`
	MessageID int64   `json:"message_id"`
	Date      int64   `json:"date"` // always 0
}

type apiFileRef struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Size     int    `json:"file_size,omitempty"`
}

type apiPhoto struct {
	apiFileRef
	Width  int `json:"width"`
	Height int `json:"height"`
}

type apiDocument struct {
	apiFileRef
	Name string `json:"file_name,omitempty"`
	MIME string `json:"mime_type,omitempty"`
}

type apiSticker struct {
	apiFileRef
	Type       string `json:"type"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	IsAnimated bool   `json:"is_animated"`
	IsVideo    bool   `json:"is_video"`
	Emoji      string `json:"emoji,omitempty"`
}

type apiVoice struct {
	apiFileRef
	Duration int    `json:"duration"`
	MIME     string `json:"mime_type,omitempty"`
}

type apiLocation struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type apiContact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	UserID    int64  `json:"user_id,omitempty"`
}

type apiFile struct {
	apiFileRef
	Path string `json:"file_path"`
}

type apiCallback struct {
	ID           string  `json:"id"`
	From         apiUser `json:"from"`
	Message      any     `json:"message"` // apiMessage or apiGone
	ChatInstance string  `json:"chat_instance"`
	Data         string  `json:"data"`
}

type apiMember struct {
	Status    string  `json:"status"`
	User      apiUser `json:"user"`
	UntilDate *int64  `json:"until_date,omitempty"` // required when kicked, absent otherwise
}

type apiMemberUpdated struct {
	Chat apiChat   `json:"chat"`
	From apiUser   `json:"from"`
	Date int64     `json:"date"`
	Old  apiMember `json:"old_chat_member"`
	New  apiMember `json:"new_chat_member"`
}

type apiWebhookInfo struct {
	URL            string   `json:"url"`
	Certificate    bool     `json:"has_custom_certificate"`
	Pending        int      `json:"pending_update_count"`
	LastErrorDate  int64    `json:"last_error_date,omitempty"`
	LastError      string   `json:"last_error_message,omitempty"`
	MaxConnections int      `json:"max_connections,omitempty"`
	Allowed        []string `json:"allowed_updates,omitempty"`
}
