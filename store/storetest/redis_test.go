package storetest_test

import (
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"

	"ekinerja/store/storetest"
)

func TestEveryTestHasItsOwnKeys(t *testing.T) {
	t.Parallel()
	for i := range 20 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			opt, err := redis.ParseURL(storetest.Redis(t))
			if err != nil {
				t.Fatal(err)
			}
			c := redis.NewClient(opt)
			t.Cleanup(func() { c.Close() })
			if fresh, err := c.SetNX(t.Context(), "only_here", i, 0).Result(); err != nil || !fresh {
				t.Errorf("a key of another test is visible: %v, %v", fresh, err)
			}
		})
	}
}
