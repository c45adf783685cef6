package pipeline

import (
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/account"
)

func accountsNamed(rows ...[3]string) *account.Accounts {
	a := &account.Accounts{}
	for _, r := range rows {
		a.ID = append(a.ID, r[0])
		for _, c := range []struct {
			to   *account.Column[string]
			text string
		}{{&a.Name, r[1]}, {&a.ParentID, r[2]}} {
			c.to.Value, c.to.Known = append(c.to.Value, c.text), append(c.to.Known, c.text != "")
		}
	}
	return a
}

func TestSameNames(t *testing.T) {
	a := accountsNamed([3]string{"1", "Able, Ltd.", ""}, [3]string{"2", "ABLE LTD", ""}, [3]string{"3", "", ""}, [3]string{"4", "", ""},
		[3]string{"5", "Baker", ""}, [3]string{"6", "Baker", "5"}, [3]string{"7", "Ａｂｌｅ Ｌｔｄ", ""}, [3]string{"8", "—", ""}, [3]string{"9", "-", ""})
	got := sameNames(a)
	if want := `1 CRM names stand under several customer ids, 3 ids in all: "Able, Ltd." is 1, 2, 7; `; !strings.HasPrefix(got, want) {
		t.Errorf("%q does not begin with %q", got, want)
	}
	if got := sameNames(accountsNamed([3]string{"1", "Able", ""}, [3]string{"2", "Baker", ""})); got != "" {
		t.Errorf("warned of %q", got)
	}
	if got := sameNames(nil); got != "" {
		t.Errorf("without CRM: %q", got)
	}
}
