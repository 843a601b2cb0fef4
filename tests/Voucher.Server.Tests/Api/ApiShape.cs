using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Voucher.Server.Tests.Api;

/// <summary>One operation of the API, as its own OpenAPI document describes it.</summary>
/// <param name="Parameters">Of the path and the query, with where they stand.</param>
/// <param name="Body">The schema of the JSON body, or <c>null</c>.</param>
public sealed record ApiOperation(string Method, string Path, IReadOnlyList<(string Name, string In)> Parameters, JsonObject? Body);

/// <summary>Reads the served OpenAPI document, so that a test reaches every operation that there will ever be.</summary>
public sealed class ApiShape
{
    private readonly JsonObject _document;

    private ApiShape(JsonObject document) => _document = document;

    public static async Task<ApiShape> ReadAsync(HttpClient client) => new((await client.GetFromJsonAsync<JsonObject>("/openapi/voucher.json"))!);

    public IEnumerable<ApiOperation> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new ApiOperation(
            operation.Key.ToUpperInvariant(), path.Key,
            [.. (operation.Value!["parameters"] as JsonArray ?? []).Select(parameter => ((string)parameter!["name"]!, (string)parameter["in"]!))],
            operation.Value["requestBody"]?["content"]?["application/json"]?["schema"] as JsonObject);

    /// <summary>A body with every property filled in by something of its type.</summary>
    public JsonNode? Plausible(JsonObject schema, int depth = 0)
    {
        schema = Resolve(schema);
        return TypeOf(schema) switch
        {
            "object" => new JsonObject(PropertiesOf(schema).Select(property => KeyValuePair.Create(property.Key, depth > 4 ? null : Plausible(property.Value, depth + 1)))),
            "array" => new JsonArray(schema["items"] is JsonObject items && depth <= 4 ? Plausible(items, depth + 1) : null),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => (string?)schema["format"] switch
            {
                "date" => "2026-09-01",
                "date-time" => "2026-09-01T01:00:00Z",
                "uuid" => "8d5a5f0e-63a7-4b9d-a9a0-2f6f3b1c9a10",
                "byte" => "AAEC",
                "time" => "09:00:00",
                _ => "x",
            },
        };
    }

    /// <summary>Every place in a body, as the names and indices that lead to it.</summary>
    public static IEnumerable<IReadOnlyList<object>> Places(JsonNode? node, params IReadOnlyList<object> at)
    {
        if (at.Count > 0) yield return at;
        IEnumerable<(object Step, JsonNode? Child)> children = node switch
        {
            JsonObject known => known.Select(property => ((object)property.Key, property.Value)),
            JsonArray list => list.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach (var (step, child) in children)
            foreach (var place in Places(child, [.. at, step])) yield return place;
    }

    private JsonObject Resolve(JsonObject schema)
    {
        while (true)
        {
            if (schema["$ref"] is { } reference)
                schema = _document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]!.AsObject();
            else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
                schema = choices.OfType<JsonObject>().First(choice => (choice["type"] as JsonValue)?.ToString() != "null");
            else return schema;
        }
    }

    private static string TypeOf(JsonObject schema) => schema["type"] switch
    {
        // Numbers may also be written as text: the number comes first.
        JsonArray types => types.Select(type => (string)type!).Where(type => type != "null").Order(StringComparer.Ordinal).First(),
        JsonValue type => (string)type!,
        _ => schema["properties"] is null ? "string" : "object",
    };

    private static IEnumerable<KeyValuePair<string, JsonObject>> PropertiesOf(JsonObject schema) =>
        (schema["properties"] as JsonObject ?? []).Select(property => KeyValuePair.Create(property.Key, property.Value!.AsObject()));
}
