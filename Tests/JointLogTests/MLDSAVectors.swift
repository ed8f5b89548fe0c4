import Kernel

/// Other people's values for ML-DSA-65.
enum MLDSAVectors {
    /// NIST's ACVP key generation cases: seed, and SHA-256 of the public key.
    static let keys: [(seed: String, publicKeyHash: String)] = [
        (
            "70cefb9aed5b68e018b079da8284b9d5cad5499ed9c265ff73588005d85c225c",
            "646b26b8d09dbc9e865b6a006c693a3127b065e62fab5fbe8b159c416462feb6"
        ),
        (
            "4b4b71c5a1bc1074f2167a1d68729cdb9e16aba3651ff02a0a0f4c883caac827",
            "5fef74046438638b54fb828d4ae59fea8eb26de94905664c2c7d76da82672057"
        ),
        (
            "fb27dbbb4ed8f4f7d2700283c2b092866694246932eeacee72db730efd172576",
            "a3c9bcc0bed93fe0b8d651b1844dc708ebafecbb30d221c5a608d5579479c39d"
        ),
    ]

    /// Wycheproof, `mldsa_65_verify_test.json`, case 1: "Hello world", without a context.
    static let message = Array("Hello world".utf8)
    static let publicKey =
        "9UCDN9D+5lwohRImpfqBtYRkYyx44qm+9w0zDy46X3TZz2dq7dEGfJGl3V1O3Eb4aKk//sn0TiVORPaCoVOurfIo6Nt8X8/tMMw0"
        + "COJhq4lodr7lZmDSp8HX6sIMV1QlUgahePcVYpUGXOeHb5DEj0S8N/OgDjLu/TpLseKY/ig9EG6u+SozpZQlOioHkJdqHQRjb4Zy"
        + "0owGyFLqi7Q7hL/1EpludhaWPVuaKQZGahUsfqm+F4vjVAVoO0Q2evhdLarYdjDB4hulSQFU8BQXgPXtBAfLC5dd1W1ZMPmyZBO4"
        + "Q7g/NpMwSwA4vT5Ls5iGgGDqGMnGcJk3ZHClDesFLkBWdD+83wNBsZJmO9HCG6Oz1WZuDQ4pxOHtB1mrC9nR01UBG5Tg/wwEmwPd"
        + "txOGQGZxRPys1yZfVaB+U4fxq9MMA3zxTUNqqFX4JwSSFUQNgAf2FGBQDZQ/V/+2v+5v7dL87FKILX2Noaqynoksi+rD3zI0tKfS"
        + "7KOkXGYjxSu90HwclDFLcGmIpSAp+PiwbodLdB1ykmZSx4xqziz9iGTq2y5LOcr+bgPk7br6J0fbm8Qvkq+LAx4+OAhGsb/RWt6I"
        + "woXWpv/+ker8ixfebLxoV18yPMCfwg5J6O/Xb5VovsSGt430JFQo2NDV9Thz4R3mX9pMdwtSGoxn9cUdSMwmNYlUUURHiB/ZpC5Y"
        + "kdrH4dtSSdeGGzIhEeX7kpvun/Xp1aJme6k+Y/wDBA0ugmSPieid7B0dLfue/s63lA99y+vrWiOcwcVNj31Sy6Ig0GNOFd9GpYKA"
        + "vFpIhAvTknTP3hUPmtmkD2OY1xU1CSXw4FAZRECfMjMaNivaqvs9jOcclkMy1q+35oT5mVEkbYgIHIZ0SuaBM/IsU6S1riWPIwqY"
        + "SR0tQ6eabQ9NVKO2IBOWWsfILQUHElo4oCd/gcvB1GzvKhMcb1G4jsC6rgyCpqDnKDHLBvkRbP9REdWX4BBX0ygFoAj1LJrsMxET"
        + "m/s1mCeJ/4O90MMenxCA6O2OuZ/eZrr7KeM1c4n+N4W2DHjiKe8HPhtl402Ei9TYpPJRVR4tONJUavvCBdPG2rNNK5YrGvtE8dIv"
        + "wQxnRPzWtjav08tBSxbC4NcI/p9R/xkSC95pOwKLbR5tvje0uLO8fG96hCcBYDhp097VclAPCFUC78jTzGKzDlzby16G2cDUKXO/"
        + "dV31OcwK6lj5FIOG22e9K/cM0SzNltXGb7JxQWt3JGUijcRLB5F4+bdmNwtmp5uHH6yiRspvj2O+nwZoKXrERsrVz0qDMYsbAOy9"
        + "KD8O7O5gqaN6J6vb2+OC4weXAAKDffwL05NOvQCJGP1L04PALJ039pSZbpiaSQdXZ+vEopge9SdUVeAmywvXCUbN0fra8lE4HTJP"
        + "nvu4YNGygMKWhbq5fQEGdic7RcyhKsOWaq40LITiNX7M8lJXd0O4eHlntAsH7y09nmwaO8sFnLoP238NT4FcJCuOFKzTN15gjpIw"
        + "ujz4cY9DiCo+HmYaK76Bgw00dB8zRz4mOzeQq+Z6zyn130SGWy/7yWl1/WJzimQRLe2lolNPsKI7OzAk35hjkbrfkEHFk8MTp8oe"
        + "H8/8tlsHuamTN7SkrPYWy+FVPrlUHziqYkc0KQWZUjOigXLKEzlrKpZilwEg+CuSohP0PeeiMszKMmgmXJzgQtUJFUMKbEVfMid9"
        + "pC+ZYvuRY7YjIx68CA+nuOn5Ah/PhbmPnEg+TSImuTJqW8sudEnvAprhQtOg8MKL1PfpxRoS4TNvJN+svD+Aio991oMCe8lIdjuA"
        + "j7ADc5S4tBvJsux4h+Z1hOA9EbFcogOyvLQ/iIFjjE5O7n+EbQnH+Jt3Od8issOswjUDK6j3rie1udJXMxQ+gKTN3mdwcZweZuws"
        + "5oNhIjPoj6//hMB0WpiqElTIIZxsVWNIwrXRvuthUy1r973hUycdxkdGC+tl/gBVsz/WSA3LudfUcZUs+lviYMOXIajFyJuelmri"
        + "3JA2RR7J8sSUM7IiXhPyPiDCv7qBp7OlVYg0SSOPfUghPp8Qzhnnbxvc/HPuVSS9fYvgpLRnhOI4IzwE+5k4Psdyb5cX4Red0U+6"
        + "mtbC69Fpnwqw5X5srSOHWwKeic/aBvUSZuzS7tTtr7UegvKlBtV7p02mEXdMpfov/0qXZRneQliF59CSGc+BWxdn1PxacsGJGJka"
        + "KFCGpqdmYUpNJFOH2lDyjdd4+zOriMCRj+ujdoxVux8HrsM8/u0z1vqk00/XIns2VTPB5n28ifCyAZXPHL1IDTM63hybsoMICFty"
        + "ztQwJowUkqJwUMQ2aK3Jz4uFCUR8/NPI+NjrVU9wQQF4aqnryoaZHSUHdqN6H1b799COWR+XjaScOHBiWHn3DiQYrsXLoy+ow0b6"
        + "kDi668Na0AaKTQNTeu4UwucVcKh0kDd/qN1m+ZWqBEpSLwxwJaerLdWtMKZCaNwRK3+foVbfZNYx9V8dbtxVzsVwqcc3LingLI1I"
        + "Z7riSUMdz27SeUoBg/D3UBIB/spKgdM0xkL8jTjpqQ+ndClmXgniFHl9+kVf9HxPIZ06LLAXa8IjZFUSPBxdpxStKdWA+xlPhxc6"
        + "GNw="
    static let signature =
        "adpa7G1fWPvylDnFIL1ouWbj3SymM7aDUcKGI0RxOh6cCGpE+ahwo8zBTeYtbBKyeMNU1xl8TW1/g9FCKymyUPXuP+wRgxHZBeXb"
        + "K0uLI7jVQiAtZlL23D+dftUfJGMILT8UXP0Pp6xUikfpHBzLGlWyFekKs1W/xtZxVCh7Hfrg+1MCZNu4QadoSzluXKBFnXlSFkFq"
        + "nSMryJsy4PlGH1MQfHjmbI6HZVTo3dUBhntV3Pwfsz8QLgM3PN0ZJkDxAnoIzid7Ro9u0P6AqdbNLWsvejc4yDJdlbDMxue5+wAM"
        + "kjuSKY4IZ9Sp9t1VE+gAEDPGM7sWQe5mNJSHIk3UM4bH/MKZFjMgZqhoEA1G4sW4NUwo8IegJMuidpSvxMFmXg1ys3aGkZrVUFLM"
        + "Y6FE/r5OKgya5BbgZOKJ+facu4g2ZdETCCa3t04wyUormLZ7RxZj49ZjJts7Q76/lY6GZbaO2pDoxdlJSwx8nsSIAJEN1tkGsfzU"
        + "egqsRirIexJtIbW6FQ32H3UiV931oGO0pbFQNx1iVTXjsodLn+VIlg/2eTHNbBJJboIT4qzm//SOa9xgMQ5JOJ9iV52ya5Ktc+nT"
        + "8jlCyrUXhPSLNmC2RQyuy7DfKqTI5WV39epFDS9/UarMCzBKYiUL8srnuZ3NlVtllmJdBtocZ/cwtwb9umMPAP2JGDDSUUhGQLcl"
        + "irNk1v2ZhoeP/6abfES5LkMUOv+uiwmOHSdxaFDzdVO/JmzftWGrvNv+uAdSs2RDTmS4BCm1TMiGk84D3A+hR/B0GyFfByhJm9wl"
        + "FAqvyXasmekQuoqKUNIbe92qKGJrO5CpP9RAdwaDV8gdNuc17aQ2KTCt6tSVGguqEE84T8cOhCqfMp4YaLB7RV6cw/7NVIBckFLn"
        + "D4jDuS/g/GpNfdoYz1aU5TmIYOQ5oeGdWmby+8CqzdGkmHEbsWBUeWwBWnFTle9hdON7BO2libZzxNXdpzeBf7UvOSyvenLXo+hL"
        + "IYDLW3W8ivBlvcBcPkBAQ1obFgCBNSrEPgnL8urW4JwrC+DjeJSIj+KBL2iAb5V8E/zm/xZ7zuIdT0EuyVpIR/Pbe/RBIjpNTKnt"
        + "aa203opLWwHHdfJyEibmxZ/yb8OOG7eKOEsw57VfCC4mTY8l4xUYYZ3da2qfr4qmzbXqt17VmjOCXV74uTveXRIK2nc/zAhSuRj0"
        + "8D4tKlQ7FTY624I+sfbFM7mNlAQR4fXBz1Ifn2PVRUaXYIMmYl//4Bv4f0QYfa1jHfKJjv/SwpHZgiLlZKvjsEK3XpDJxUZnhC+o"
        + "67aKEkS/jgw64+5fl9Xd7v2YbEvT+Z2HfCzCOBqJq9xhcT04zuWL9pgFpIXCiNIbFYQxRwZrSnTGncJd6HjiHTX9/mdG/rTBZmBr"
        + "8yGeQs9jWB5+a9ZXD0D4+uWQzt9RBv5XA3zLIyS3T8plAPbtPQc2zcxn0E+PqegAVKW9fIRZ/Bq7HEx4Z31/azJa+UoOXJx9sKdI"
        + "4SxSZehySUfZtcS6sai2+uyCfMQewRXvPC1zSM3avd+8hDbztBdl4T83YrO0XtIxVvCFgx5yalXUuDhIs9HTNSqrntzArCOI8jg/"
        + "YwGtgTuRfuPyNzTgV4Mq5M9l5mjJ3dC90PnYtmkyVGSWaKqRofpet8WYWbtt3TbCX0oiI/XWiLSA0DiPowfqaSmPm/dzf2s9v9qH"
        + "szGv/XXNjYjwRg6Y68KJCyF71tEQAKOgiM2Df0+IWaQ/dq+qqwWgwwB6FJ1Na5FVytwsm1UAPv3sUBK2JyuHGDaUxQXwRG7eVfNb"
        + "irIB+e2pdP+EDsyw8AT6Os91Os0GE/ZuKmrILjIhmdN7Svg8uz2YNxwxvnm7QjMegZZEy60s4noE5MUXmYaSzYMxVSiS4ZmgGmki"
        + "vaTTisTAH3CICeUpwyFuqrOZ7yWzUOohO6RxJvJ4FA4XORynE5vRPFb0Fea3Su2Nv784yV3G2zZv1yqoY6J/oevxmHFkALl4o3Ce"
        + "NQOXMZMEBliOvf/TX6IwqbdfzkHXrNIUyk8AKYlsE3SV6t4M9NEP5iHHPwEGGssHfechd/9dvG8MW+xoGqNGaMpPzdcnUlBosLDp"
        + "BylxuE72zhHVw8YCTaQJZnA9zCszrgT2d2d2NaVdtQjzTxQDzb43lgyFd9rD2EiynztcXGxW+3TzTI9GNMBLjM6bIY8XYMoA5t6H"
        + "79FAh8YzRpyJK/PjGUQzNnM7tgz7RJQb+iUimqJDhNgS25D+dOD5P9oAXuqHQAc2yrwDb3FCG2ZXsWdNSo92y786ixwK+C9ylzkn"
        + "dSJXxTLbQ52WdirWTxAlUanQP5zj2MyFDDk8Eov4BUu1W7kuox7AcG8IOpz5BCTGF/itKiEiXRkTww6PR6a3ExME1TaoVZbr/Zh7"
        + "ZLa/PFFjjWyDkhS1PDwQqlK9nG63f8+AteO3JN7BOB0OAiB6atxz/1PZ0f/O4cSij6VEXOUY7uk3B0/3pAL1u8s2L/CQQV+dvZO2"
        + "LuVtyMUOTS40xsYhZQwN/+MRSE6V1o3ncXDJCcgVgolGru7H7eVrz0M+Ivxjoz92TO0fkkLz0m3HVYaG5HHzD76TBNPVaviyPnKk"
        + "CIlwsksvfpaMHQOS7usLDwrIwXZUelOD2UjtFUhLeeITFKHyjtYk9h5ars8iaeWwJ+GRD/3e3lL61OjaIk6KELB5VI+nzUQXL0mR"
        + "rf12I9E+WhnIEoJLz5kMB8lyHe2Qk75s57x9o6yMkyEzpkOWuCK+krCIhEmRWW34k2JaTvJFQ791oQ19F/9wNQ72LOOndYrrv5s5"
        + "d7CL7LnqKDdggvYHll8s3tKLvbOdq34AgzsEiDcNIhdCtm4n2e4tndB/QBvCKmLIqdjTopDGOASZFJaq+kejJXj1g8+1PQwhmQVZ"
        + "c0QNdTXg2myylX9OBAAuzqaPnD/3bK3iftFf14NZidCrsZf+MvaGNhOaQnEGRLslhg/zP1OSAOPMuKdzhCLKD6DHRLTBnRXF1KPL"
        + "CC4gp44gtaSWWwQ1lcvKytUAta27bNWX5qS5xepqHy5lO1R02id/GBgEgJSsng4eCyAGjRwc5aEUpNtxlQV6bOTSIcM2/cKRkP7o"
        + "/4Vcrot/fALuwh+XLIJwZtnG3MSkF5vETqm4ir5RJL94sHHgnpr0P3OabhAwCR/Akec+3ER/JcaL+EuN96qPCRq0JmK5PgLCcAOv"
        + "x7DKae/PpgvVPU14zrfE0sj9Xtfos1Ak3oSeBkAK0UX9soNI0isxfM7HBMQB+I2xrypTSCI/XO/ZFOQEydc4BdDedyEYgUhvG/Sq"
        + "2srdOuJYjw23teaVf+1Qo3T1Qc/l5OkjyC7Efls9LHCtZ2DHnNUIC0kL3HX5714dF/CXix6HcHdfkCuUY+aYDhaDskVHUbotrUou"
        + "ZGCSS9YP9JsDIwyxH80EoDiOYIdMNdP2z8TdSHZl4bFleHUerqieEmv1gERZbjGIx6ljEBe+Hy3NfWEjMYMv+HVUYNxJaqmaYeoF"
        + "PHjnJgehghP/nvS7iAkDuR6aQ+Cx8O0VEbLsovQlP8+9fQ+uvzaA+/CkXfIxVEiCycRlBccm1WkF0C/QRsFlLY/QbRUoahqPi2n7"
        + "2CXKQh/YD16boaI/kkk3rQSa3uxgx4/qGt+bHvforE0d7RjxqAGwvaj+mogJiCX/Pu9cH8aMvqFDMQs5VDKT8/X7z0dzsCBUwLx5"
        + "8AVUlHx2BLNjicDEX1l6iPNxNFa0z9g7MMtlILYkqgnIEgZqjNVC3GfhnkyStWK04PZ5n+V9nU9PPgtvq/9LH8GQvx54d168vjZV"
        + "03DKbAj0jez2FTpJie6raSH4R1+FGX9R1lHlY5lCV99Xl35fIZtIeXUd5XqwN0tAeiGttLpSC7Nee3UIZ1v0n05DIZBFFCPL1Sn8"
        + "ebIrqunLHYZgw6ScRWrAO8BsDvOwL32KzUCRkxUgb7OOcVE5yb1viaWGNP5oPfA/W9pxl2T2w4ExvFuhxTJERy73ODSt4EuGygjd"
        + "dTFBrAqaIw4kZzUGCgRAGLybddUBNLIOYhnBP4MltaAgHpRT9vAS/nLoKe4cY3/jADepISoxxucTcmps1M8t1m/9unfx4oAOcXlA"
        + "8jHQSqLk6I3qCEdUlH2EjAJxhWv+ZZkiQIRJhYqB+mWD8GLZaJjRjsU2ZPAGfrm5xArSV5upgCq9jRvyh+SdlK45fnhNsUtfcBDu"
        + "T8QubjyLqANwr8GI/OyvRm6oMNexY2LlyTKZgLmB3sxxdPP/cKNdihgO4S7Qy//U6NFOtQM4fklZ9wLUKTEJ6SLrVhNx+ashR1gh"
        + "+FVdkvCqHD2EGm8eq9TmY5k2NsdUzis8P2prbQsWHnd7gpbX3Of9FilwSWSU1PYHFiRKWn+3zuQOHVZeZWZpfo+TAAAAAAAAAAAA"
        + "AAAABRATGCEr"
}
