using System.Text.Json;
using System.Text.Json.Serialization;
using Voucher.Core.Promises;

namespace Voucher.Server.Promises;

/// <summary>
/// What the county's texts promise beside the voucher. Data: the file <c>promises.json</c> in the server's home, or else the one that
/// comes with the server. A changed entry takes the next version, so that records say under which they were made.
/// </summary>
public sealed class PromiseCatalogue(ServerSettings settings)
{
    public const string FileName = "promises.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="InvalidOperationException">The county's own file cannot be used; the message says why.</exception>
    public IReadOnlyList<Promise> All
    {
        get
        {
            var own = Path.Combine(settings.Home, FileName);
            return Parse(File.ReadAllText(File.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, "Promises", FileName)));
        }
    }

    public Promise? Find(string? key) => All.FirstOrDefault(promise => promise.Key == key);

    /// <exception cref="InvalidOperationException">The text is no usable catalogue; the message says why.</exception>
    public static IReadOnlyList<Promise> Parse(string text)
    {
        try
        {
            var all = JsonSerializer.Deserialize<List<Promise>>(text, Json) ?? throw new JsonException("It is empty.");
            var wrong = all.Find(promise => promise.Key.Length is 0 or > 40 || promise.Version < 1 || promise.AmountFen < 1 || promise.Conditions.Any(IsWrong));
            if (wrong is not null) throw new JsonException($"“{wrong.Key}” has no usable key, version, amount or condition.");
            if (all.DistinctBy(promise => promise.Key).Count() != all.Count) throw new JsonException("A key stands there twice.");
            return all;
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException($"{FileName} cannot be read: {fault.Message}", fault);
        }
    }

    private static bool IsWrong(PromiseCondition condition) => condition.Kind switch
    {
        PromiseConditionKind.Fact => condition.Fact is null || condition.Months is < 0 or > 120,
        PromiseConditionKind.Category => condition.Categories is null or { Count: 0 },
        _ => false,
    };
}
