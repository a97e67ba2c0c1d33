package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // the zone must be there on a machine without zone files

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/scoring"
	"ekinerja/store"
	"ekinerja/store/blobs"
)

// config is what an operator can set: by flag, by environment, secrets also by
// a file that holds them.
type config struct {
	DatabaseURL string `name:"database-url" env:"EKINERJA_DATABASE_URL" help:"Postgres URL; empty starts a private Postgres in the data directory."`
	RedisURL    string `name:"redis-url" env:"EKINERJA_REDIS_URL" help:"Redis URL; empty keeps live state in this process."`
	DataDir     string `name:"data-dir" env:"EKINERJA_DATA_DIR" help:"Where the private Postgres and files live (default: the user's data directory)."`
	Listen      string `name:"listen" env:"EKINERJA_LISTEN" default:"127.0.0.1:8080" help:"Address of the HTTP server."`
	ADMSListen  string `name:"adms-listen" env:"EKINERJA_ADMS_LISTEN" help:"Address on which attendance machines may push (ADMS/iclock), such as 10.0.0.5:8081; empty: off."`
	PublicURL   string `name:"public-url" env:"EKINERJA_PUBLIC_URL" help:"Address by which the network reaches us; needed for webhooks."`
	Timezone    string `name:"timezone" env:"EKINERJA_TIMEZONE" default:"Asia/Jakarta" help:"The city's time zone."`
	City        string `name:"city" env:"EKINERJA_CITY" default:"Pemkot Surakarta" help:"How people call the office."`
	Policy      string `name:"policy" env:"EKINERJA_POLICY" help:"TOML file of schedules and deadlines; empty: built in."`
	Flow        string `name:"flow" env:"EKINERJA_FLOW" help:"TOML file of the daily questions; empty: built in."`
	PingURL     string `name:"ping-url" env:"EKINERJA_PING_URL" help:"Address asked for every minute while all is well, of a watchdog that raises the alarm when that ends."`
	Evidence    string `name:"evidence" env:"EKINERJA_EVIDENCE" help:"Where pictures and documents are kept: a folder, or s3://bucket/prefix (default: evidence in the data directory)."`

	S3Endpoint      string `name:"s3-endpoint" env:"EKINERJA_S3_ENDPOINT" help:"Address of the S3-compatible store, for evidence in s3://."`
	S3Region        string `name:"s3-region" env:"EKINERJA_S3_REGION" default:"us-east-1" help:"Region of the bucket."`
	S3AccessKey     string `name:"s3-access-key" env:"EKINERJA_S3_ACCESS_KEY" help:"Access key of the bucket."`
	S3SecretKey     string `name:"s3-secret-key" env:"EKINERJA_S3_SECRET_KEY" help:"Secret key of the bucket."`
	S3SecretKeyFile string `name:"s3-secret-key-file" env:"EKINERJA_S3_SECRET_KEY_FILE" help:"File that holds the secret key."`

	Pprof       string        `name:"pprof" env:"EKINERJA_PPROF" hidden:"" help:"Write a CPU profile to this file."`
	Lease       time.Duration `name:"lease" env:"EKINERJA_LEASE" default:"15s" hidden:"" help:"How long a replica that fell silent keeps the duty of polling."`
	ClockWrong  time.Duration `name:"clock-wrong" env:"EKINERJA_CLOCK_WRONG" hidden:"" help:"Make the clock wrong without knowing it: what a bad clock does, for tests."`
	ClockOffset time.Duration `name:"clock-offset" env:"EKINERJA_CLOCK_OFFSET" help:"Shift the clock, for rehearsals only."`

	WhatsAppMode    string `name:"whatsapp-mode" env:"EKINERJA_WHATSAPP_MODE" default:"off" help:"off, or whatsmeow: a WhatsApp number beside Telegram, linked by ekinerja whatsapp pair."`
	WhatsAppVersion string `name:"whatsapp-version" env:"EKINERJA_WHATSAPP_VERSION" help:"Version of WhatsApp Web to announce, such as 2.3000.1045649367; empty asks the network."`

	TelegramToken         string `name:"telegram-token" env:"EKINERJA_TELEGRAM_TOKEN" help:"Bot token from @BotFather."`
	TelegramTokenFile     string `name:"telegram-token-file" env:"EKINERJA_TELEGRAM_TOKEN_FILE" help:"File that holds the bot token."`
	TelegramAPIURL        string `name:"telegram-api-url" env:"EKINERJA_TELEGRAM_API_URL" default:"https://api.telegram.org" help:"Bot API server."`
	TelegramMode          string `name:"telegram-mode" env:"EKINERJA_TELEGRAM_MODE" default:"poll" help:"poll or webhook."`
	TelegramUnlimited     bool   `name:"telegram-unlimited" env:"EKINERJA_TELEGRAM_UNLIMITED" hidden:"" help:"Send as fast as possible; for load tests against a simulated network only."`
	TelegramWebhookSecret string `name:"telegram-webhook-secret" env:"EKINERJA_TELEGRAM_WEBHOOK_SECRET" help:"Secret that proves a webhook comes from Telegram."`
	TelegramSecretFile    string `name:"telegram-webhook-secret-file" env:"EKINERJA_TELEGRAM_WEBHOOK_SECRET_FILE" help:"File that holds the webhook secret."`
}

// settings are a config that was found right, with what its files held.
type settings struct {
	config
	loc    *time.Location
	policy jobs.Policy
	flow   conversations.Flow
	words  *conversations.Words
	// rubrics are the scoring rules by date.
	rubrics []scoring.Rubric
	// blobs are where the bytes of evidence are kept.
	blobs blobs.Store
}

// errConfig marks an error the operator mends in the configuration.
var errConfig = errors.New("configuration")

func wrong(key, found, accepted string) error {
	return fmt.Errorf("%w: %s is %q; accepted: %s", errConfig, key, found, accepted)
}

// check reads what the config points at and says which key is wrong.
func (c config) check() (settings, error) {
	s := settings{config: c}
	var err error
	if s.loc, err = time.LoadLocation(c.Timezone); err != nil {
		return s, wrong("EKINERJA_TIMEZONE", c.Timezone, "a zone such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return s, wrong("EKINERJA_LISTEN", c.Listen, "host:port, such as 127.0.0.1:8080")
	}
	if _, _, err := net.SplitHostPort(c.ADMSListen); c.ADMSListen != "" && err != nil {
		return s, wrong("EKINERJA_ADMS_LISTEN", c.ADMSListen, "host:port, such as 10.0.0.5:8081, or nothing")
	}
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") && !strings.Contains(c.DatabaseURL, "=") {
		return s, wrong("EKINERJA_DATABASE_URL", "(hidden)", "postgres://user:password@host:5432/database")
	}
	if u, err := url.Parse(c.PingURL); c.PingURL != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "") {
		return s, wrong("EKINERJA_PING_URL", "(hidden)", "an http or https address, such as https://hc-ping.com/your-uuid")
	}
	if err := c.checkWhatsApp(); err != nil {
		return s, err
	}
	if s.policy, err = c.readPolicy(); err != nil {
		return s, fmt.Errorf("%w: EKINERJA_POLICY: %w", errConfig, err)
	}
	if s.rubrics, err = c.readRubrics(s.policy); err != nil {
		return s, fmt.Errorf("%w: EKINERJA_POLICY: rubrics: %w", errConfig, err)
	}
	if s.flow, err = c.readFlow(s.policy); err != nil {
		return s, fmt.Errorf("%w: EKINERJA_FLOW: %w", errConfig, err)
	}
	if s.words, err = conversations.NewWords(s.loc); err != nil {
		return s, err
	}
	if s.DataDir == "" {
		s.DataDir = defaultDataDir()
	}
	if s.blobs, err = s.openBlobs(); err != nil {
		return s, err
	}
	return s, nil
}

// checkTelegram checks what only the real bot needs.
func (s *settings) checkTelegram() error {
	if err := secret(&s.TelegramToken, s.TelegramTokenFile, "EKINERJA_TELEGRAM_TOKEN"); err != nil {
		return err
	}
	if err := secret(&s.TelegramWebhookSecret, s.TelegramSecretFile, "EKINERJA_TELEGRAM_WEBHOOK_SECRET"); err != nil {
		return err
	}
	if s.TelegramToken == "" {
		return wrong("EKINERJA_TELEGRAM_TOKEN", "", "the token that @BotFather gave, such as 123456:ABC…")
	}
	if u, err := url.Parse(s.TelegramAPIURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return wrong("EKINERJA_TELEGRAM_API_URL", s.TelegramAPIURL, "an http or https address without a path")
	}
	switch s.TelegramMode {
	case "poll":
		return nil
	case "webhook":
		if len(s.TelegramWebhookSecret) < 16 {
			return wrong("EKINERJA_TELEGRAM_WEBHOOK_SECRET", "(too short)", "16 to 256 of A-Z, a-z, 0-9, _ and -")
		}
		if u, err := url.Parse(s.PublicURL); err != nil || u.Host == "" {
			return wrong("EKINERJA_PUBLIC_URL", s.PublicURL, "the address by which Telegram reaches this server, such as https://kinerja.example.id")
		}
		return nil
	}
	return wrong("EKINERJA_TELEGRAM_MODE", s.TelegramMode, "poll or webhook")
}

func secret(value *string, file, key string) error {
	if file == "" {
		return nil
	}
	if *value != "" {
		return fmt.Errorf("%w: %s and %s_FILE are both set; set one", errConfig, key, key)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%w: %s_FILE: %w", errConfig, key, err)
	}
	*value = strings.TrimSpace(string(data))
	return nil
}

// storePolicy is what the store needs of the policy to decide a duty anew.
func (s settings) storePolicy() store.Policy {
	return store.Policy{
		Hours: s.policy.Hours, Spread: s.policy.Spread, Calendar: s.policy.Calendar, Relief: s.policy.Relief(s.loc),
	}
}

func (s settings) token() bot.Secret { return bot.Secret(s.TelegramToken) }

func (c config) readPolicy() (jobs.Policy, error) {
	if c.Policy == "" {
		return jobs.Default(), nil
	}
	data, err := os.ReadFile(c.Policy)
	if err != nil {
		return jobs.Policy{}, err
	}
	return jobs.ParsePolicy(data, c.Policy)
}

// besidePolicy is a file that the policy names, relative to the policy's own.
func (c config) besidePolicy(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.Policy), name)
}

func (c config) readFlow(p jobs.Policy) (conversations.Flow, error) {
	name := c.Flow
	if name == "" && p.Flow != "" {
		name = c.besidePolicy(p.Flow)
	}
	if name == "" {
		return conversations.DefaultFlow()
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return conversations.Flow{}, err
	}
	return conversations.ParseFlow(name, string(data))
}

func (c config) readRubrics(p jobs.Policy) ([]scoring.Rubric, error) {
	if len(p.Rubrics) == 0 {
		return []scoring.Rubric{scoring.Solo()}, nil
	}
	var out []scoring.Rubric
	for _, name := range p.Rubrics {
		data, err := os.ReadFile(c.besidePolicy(name))
		if err != nil {
			return nil, err
		}
		rubrics, err := scoring.ParseAll(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, rubrics...)
	}
	return out, nil
}

// defaultDataDir is the user's data directory; root's own home serves as well.
func defaultDataDir() string {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "ekinerja")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "ekinerja")
	}
	return filepath.Join(os.TempDir(), "ekinerja")
}
