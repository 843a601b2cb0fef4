using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Database;

/// <summary>
/// What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5802 and 7677), made on this side: the password itself stands in no
/// statement, and so in no log of the database.
/// </summary>
public static class ScramVerifier
{
    /// <summary>As PostgreSQL itself takes.</summary>
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltBytes));

    public static string Of(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
    }
}
