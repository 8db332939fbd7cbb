// Prints what a schema does not tell: the arguments of each resource whose change replaces it.
package main

import (
	"encoding/json"
	"os"
	"sort"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/v3/openstack"
)

func main() {
	replacing := map[string][]string{}
	for name, resource := range openstack.Provider().ResourcesMap {
		found := arguments(resource.SchemaMap(), "")
		sort.Strings(found)
		replacing[name] = found
	}
	if err := json.NewEncoder(os.Stdout).Encode(replacing); err != nil {
		panic(err)
	}
}

// arguments gives paths, those in blocks as block.argument; of a block that replaces as a whole, only its name.
func arguments(of map[string]*schema.Schema, prefix string) []string {
	var found []string
	for name, each := range of {
		if each.ForceNew {
			found = append(found, prefix+name)
		} else if block, is := each.Elem.(*schema.Resource); is {
			found = append(found, arguments(block.SchemaMap(), prefix+name+".")...)
		}
	}
	return found
}
